#pragma once
#include "gateway/model/result.hpp"

#include <cstdint>
#include <string>

namespace gateway::aggregate {

// Counts the releases of a database in a small file outside it, so that a database that was put
// back from a copy is noticed: it would forget what budget is spent and draw noise for the same
// sums again, which then averages out. Before a release the file says that number n is begun, after
// its transaction that it is done. Only then may the result leave: what nobody has seen may be
// drawn again.
//   file       database  then
//   n done     n         all is well; no file counts as 0 done
//   n begun    n         the power went after the transaction: it is done now
//   n begun    n - 1     the power went before it: the release is begun again
//   otherwise  less      Errc::rolled_back
//              more      Errc::generation_lost
// A copy of database and file together is not noticed; keep the file with the keys, and out of
// backups. The file: one line, "passerelle-releases 1 <n> <begun|done> <CRC-32 of what precedes>".
class Generation {
  public:
    explicit Generation(std::string path) : path_(std::move(path)) {}

    // Compares the file with the number that the database holds, and finishes what was begun.
    // An error holds until this is called with a database that fits. A failure of the disk is not
    // told apart from Errc::generation_lost.
    model::Result<void> compare(std::uint64_t in_database);

    // Number n is begun; what the transaction then has to store. Again when it did not commit.
    model::Result<void> begin(std::uint64_t number);
    // Its transaction is on the disk.
    model::Result<void> finish(std::uint64_t number);

  private:
    std::string path_;
};

}  // namespace gateway::aggregate
