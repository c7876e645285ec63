#include "gateway/runtime/worker_thread.hpp"

#include <pthread.h>

namespace gateway::runtime {

WorkerThread::WorkerThread(const char* name) {
    boost::asio::post(pool_, [name] { pthread_setname_np(pthread_self(), name); });
}

WorkerThread::~WorkerThread() {
    join();
}

void WorkerThread::join() {
    pool_.join();
}

}  // namespace gateway::runtime
