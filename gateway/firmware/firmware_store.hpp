#pragma once
#include "gateway/buffer/sqlite_connection.hpp"
#include "gateway/buffer/sqlite_statement.hpp"
#include "gateway/firmware/rollout.hpp"
#include "gateway/firmware/signed_manifest.hpp"
#include "gateway/model/result.hpp"
#include "gateway/runtime/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gateway::firmware {

// The file of updates and of the devices that take them; firmware_schema.hpp has its tables. What a
// call did is on the disk when it answers. Blocks; one thread at a time.
class FirmwareStore {
  public:
    static constexpr std::size_t kUpdatesMax = 32;
    static constexpr std::uint64_t kImageBytesMax = 64u << 20;  // of all images together
    static constexpr std::size_t kPieceBytes = 32u << 10;       // of a row

    // Makes the file when there is none. `vfs` as for SqliteConnection::open.
    static model::Result<std::unique_ptr<FirmwareStore>> open(
        const std::string& path, const std::string& vfs = {}
    );

    struct Content {
        std::vector<Update> updates;
        std::vector<KnownDevice> devices;
    };
    // What the file holds. Times that are not known on the disk are `now`.
    model::Result<Content> load(runtime::WallClock::Instant now);

    // Why an update is not stored: "size", "digest", "older", "too-many", "no-room".
    struct NotAdded {
        std::string code;
        std::uint32_t floor = 0;  // of "older": the highest sequence so far
    };
    struct Added {
        std::uint32_t number = 0;
        std::optional<std::uint32_t> replaced{};  // withdrawn before, and gone to make room
        std::optional<NotAdded> fault{};
    };
    // Stores what was verified to be signed, with its image, where the image is the one that was
    // signed and the sequence is above every one before; raises that floor. The same manifest again
    // is the same update.
    model::Result<Added> add(
        const std::string& signed_manifest, const Manifest& manifest, const std::string& image
    );

    // The image of an update that is aborted goes, unless the disk cannot read it any more.
    model::Result<void> write(const Rollout::Changes& changes);

    // Bytes of an image; fewer at its end.
    model::Result<std::string> piece(std::uint32_t number, std::uint32_t offset, std::size_t size);

    // Whether the image on the disk is the one that was signed.
    model::Result<bool> is_sound(std::uint32_t number, const Image& image);

  private:
    enum class WithdrawnImage : std::uint8_t { goes, stays };

    explicit FirmwareStore(buffer::SqliteConnection connection);

    template <class Work>
    model::Result<void> transact(Work work);
    model::Result<std::vector<Update>> load_updates();
    model::Result<std::vector<KnownDevice>> load_devices(runtime::WallClock::Instant now);
    model::Result<void> load_steps(
        std::vector<KnownDevice>& devices, runtime::WallClock::Instant now
    );
    model::Result<std::optional<std::uint32_t>> number_of(const std::string& signed_manifest);
    model::Result<std::optional<NotAdded>> objection(const Manifest& manifest);
    model::Result<std::optional<std::uint32_t>> make_room();
    model::Result<std::uint32_t> insert(
        const std::string& signed_manifest, const Manifest& manifest, const std::string& image
    );
    model::Result<void> keep_log_short();
    model::Result<void> empty_log();
    model::Result<void> write_changes(const Rollout::Changes& changes, WithdrawnImage image);
    model::Result<void> drop_image(std::uint32_t number);
    model::Result<void> write_update(const Update& update);
    model::Result<void> write_device(const KnownDevice& device);
    model::Result<void> remove(std::uint32_t number);

    buffer::SqliteConnection connection_;
    buffer::SqliteStatement floor_;
    buffer::SqliteStatement raise_floor_;
    buffer::SqliteStatement find_;
    buffer::SqliteStatement insert_;
    buffer::SqliteStatement insert_piece_;
    buffer::SqliteStatement read_piece_;
    buffer::SqliteStatement drop_pieces_;
    buffer::SqliteStatement drop_update_;
    buffer::SqliteStatement save_update_;
    buffer::SqliteStatement save_device_;
    buffer::SqliteStatement save_step_;
    buffer::SqliteStatement drop_device_;
    buffer::SqliteStatement drop_steps_;
};

}  // namespace gateway::firmware
