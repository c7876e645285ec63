// as: gateway/buffer/committer.cpp
#include "gateway/model/message.hpp"  // flagged: own-header
#include "gateway/buffer/committer.hpp"
