#include "gateway/firmware/firmware_store.hpp"

#include "gateway/buffer/error.hpp"
#include "gateway/buffer/store_file.hpp"
#include "gateway/firmware/firmware_schema.hpp"

#include <sodium.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

namespace gateway::firmware {
namespace {

// Frames after which the log is copied back, so that it does not keep the room of an image.
constexpr std::uint64_t kLogFramesMax = 1000;

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

std::string text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::int64_t number_of_enum(auto value) {
    return static_cast<std::int64_t>(value);
}

std::int64_t kind_of(const Manifest& manifest) {
    return manifest.is_settings() ? 1 : 0;
}

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

class Digest {
  public:
    Digest() { crypto_hash_sha256_init(&state_); }
    void add(std::string_view bytes) {
        crypto_hash_sha256_update(&state_, raw(bytes), bytes.size());
    }
    bool is(const std::array<std::uint8_t, 32>& expected) {
        std::array<std::uint8_t, crypto_hash_sha256_BYTES> found{};
        crypto_hash_sha256_final(&state_, found.data());
        return found == expected;
    }

  private:
    crypto_hash_sha256_state state_{};
};

// Nothing where the image is what the manifest says.
std::optional<std::string> image_fault(const Manifest& manifest, std::string_view image) {
    const auto* expected = std::get_if<Image>(&manifest.content);
    if (image.size() != (expected == nullptr ? 0 : expected->size)) return "size";
    if (expected == nullptr) return std::nullopt;
    Digest digest;
    digest.add(image);
    if (!digest.is(expected->sha256)) return "digest";
    return std::nullopt;
}

}  // namespace

FirmwareStore::FirmwareStore(buffer::SqliteConnection connection)
    : connection_(std::move(connection)),
      floor_(connection_, "SELECT sequence FROM floor WHERE vendor = ? AND class = ? AND kind = ?"),
      raise_floor_(
          connection_,
          "INSERT INTO floor (vendor, class, kind, sequence) VALUES (?, ?, ?, ?) "
          "ON CONFLICT DO UPDATE SET sequence = max(sequence, excluded.sequence)"
      ),
      find_(connection_, "SELECT number FROM release WHERE manifest = ? AND state <> ?"),
      insert_(
          connection_,
          "INSERT INTO release (manifest, bytes, state, stage, up_to, why) "
          "VALUES (?, ?, 0, 0, 2, '')"
      ),
      insert_piece_(connection_, "INSERT INTO piece (release, place, bytes) VALUES (?, ?, ?)"),
      read_piece_(connection_, "SELECT bytes FROM piece WHERE release = ? AND place = ?"),
      drop_pieces_(connection_, "DELETE FROM piece WHERE release = ?"),
      drop_update_(connection_, "DELETE FROM release WHERE number = ?"),
      save_update_(
          connection_,
          "UPDATE release SET state = ?, stage = ?, up_to = ?, why = ? WHERE number = ?"
      ),
      save_device_(
          connection_,
          "INSERT OR REPLACE INTO device (id, source, label, vendor, class, firmware, settings, "
          "bytes_max, on_trial, heard) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      ),
      save_step_(
          connection_,
          "INSERT OR REPLACE INTO step (device, kind, release, state, cause, offset) "
          "VALUES (?, ?, ?, ?, ?, ?)"
      ),
      drop_device_(connection_, "DELETE FROM device WHERE id = ?"),
      drop_steps_(connection_, "DELETE FROM step WHERE device = ?") {}

model::Result<std::unique_ptr<FirmwareStore>> FirmwareStore::open(
    const std::string& path, const std::string& vfs
) {
    if (auto prepared = buffer::prepare_store_file(path); !prepared) return prepared.error();
    auto connection = buffer::SqliteConnection::open(path, vfs);
    if (!connection) return connection.error();
    if (auto migrated = firmware_schema().migrate(*connection); !migrated) return migrated.error();
    // Who was forgotten is not in what SQLite has freed.
    if (auto set = connection->execute("PRAGMA secure_delete=ON"); !set) return set.error();
    return std::unique_ptr<FirmwareStore>(new FirmwareStore(std::move(*connection)));
}

template <class Work>
model::Result<void> FirmwareStore::transact(Work work) {
    buffer::SqliteTransaction transaction(connection_);
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto done = work(); !done) return done;
    return transaction.commit();
}

model::Result<void> FirmwareStore::keep_log_short() {
    if (connection_.log_frames() < kLogFramesMax) return {};
    return empty_log();
}

model::Result<void> FirmwareStore::empty_log() {
    const auto copied = connection_.checkpoint(true);
    if (!copied) return copied.error();
    return {};
}

// --- adding

model::Result<FirmwareStore::Added> FirmwareStore::add(
    const std::string& signed_manifest, const Manifest& manifest, const std::string& image
) {
    Added added;
    if (auto fault = image_fault(manifest, image)) {
        added.fault = NotAdded{std::move(*fault)};
        return added;
    }
    const auto known = number_of(signed_manifest);
    if (!known) return known.error();
    if (*known) {
        added.number = **known;
        return added;
    }
    auto objected = objection(manifest);
    if (!objected) return objected.error();
    added.fault = std::move(*objected);
    if (added.fault) return added;
    auto stored = transact([&]() -> model::Result<void> {
        const auto room = make_room();
        if (!room) return room.error();
        added.replaced = *room;
        const auto number = insert(signed_manifest, manifest, image);
        if (!number) return number.error();
        added.number = *number;
        return raise_floor_.execute(
            std::string_view(manifest.vendor),
            std::string_view(manifest.device_class),
            kind_of(manifest),
            std::int64_t{manifest.sequence}
        );
    });
    if (!stored) return stored.error();
    if (auto kept = keep_log_short(); !kept) return kept.error();
    return added;
}

model::Result<std::optional<std::uint32_t>> FirmwareStore::number_of(
    const std::string& signed_manifest
) {
    auto rows = find_.query(bytes_of(signed_manifest), number_of_enum(UpdateState::aborted));
    const auto row = rows.next();
    if (!row) return row.error();
    if (!*row) return std::optional<std::uint32_t>{};
    return std::optional(static_cast<std::uint32_t>(rows.integer(0)));
}

model::Result<std::optional<FirmwareStore::NotAdded>> FirmwareStore::objection(
    const Manifest& manifest
) {
    std::int64_t floor = 0;
    {
        auto rows = floor_.query(
            std::string_view(manifest.vendor),
            std::string_view(manifest.device_class),
            kind_of(manifest)
        );
        const auto row = rows.next();
        if (!row) return row.error();
        if (*row) floor = rows.integer(0);
    }
    if (manifest.sequence <= floor)
        return std::optional(NotAdded{"older", static_cast<std::uint32_t>(floor)});
    const auto used = connection_.integer("SELECT coalesce(sum(bytes), 0) FROM release");
    if (!used) return used.error();
    const auto* image = std::get_if<Image>(&manifest.content);
    const std::uint64_t wanted = image == nullptr ? 0 : image->size;
    if (static_cast<std::uint64_t>(*used) + wanted > kImageBytesMax)
        return std::optional(NotAdded{"no-room"});
    const auto rows = connection_.integer("SELECT count(*) FROM release WHERE state <> 5");
    if (!rows) return rows.error();
    if (static_cast<std::size_t>(*rows) >= kUpdatesMax) return std::optional(NotAdded{"too-many"});
    return std::optional<NotAdded>{};
}

// One that was withdrawn goes for good when all places are taken.
model::Result<std::optional<std::uint32_t>> FirmwareStore::make_room() {
    const auto rows = connection_.integer("SELECT count(*) FROM release");
    if (!rows) return rows.error();
    if (static_cast<std::size_t>(*rows) < kUpdatesMax) return std::optional<std::uint32_t>{};
    const auto oldest =
        connection_.integer("SELECT coalesce(min(number), 0) FROM release WHERE state = 5");
    if (!oldest) return oldest.error();
    const auto number = static_cast<std::uint32_t>(*oldest);
    if (auto removed = remove(number); !removed) return removed.error();
    return std::optional(number);
}

model::Result<std::uint32_t> FirmwareStore::insert(
    const std::string& signed_manifest, const Manifest& manifest, const std::string& image
) {
    const auto* expected = std::get_if<Image>(&manifest.content);
    const std::int64_t size = expected == nullptr ? 0 : expected->size;
    if (auto done = insert_.execute(bytes_of(signed_manifest), size); !done) return done.error();
    const auto number = connection_.integer("SELECT last_insert_rowid()");
    if (!number) return number.error();
    const std::string_view bytes = image;
    for (std::size_t place = 0; place * kPieceBytes < bytes.size(); ++place) {
        const auto piece = bytes.substr(place * kPieceBytes, kPieceBytes);
        const auto done =
            insert_piece_.execute(*number, static_cast<std::int64_t>(place), bytes_of(piece));
        if (!done) return done.error();
    }
    return static_cast<std::uint32_t>(*number);
}

model::Result<void> FirmwareStore::remove(std::uint32_t number) {
    if (auto done = drop_pieces_.execute(std::int64_t{number}); !done) return done;
    return drop_update_.execute(std::int64_t{number});
}

// --- what changes

model::Result<void> FirmwareStore::write(const Rollout::Changes& changes) {
    auto written = write_changes(changes, WithdrawnImage::goes);
    // What cannot be read cannot be deleted either: it keeps its room, and is offered to nobody.
    if (!written && written.error() == buffer::Errc::damaged)
        written = write_changes(changes, WithdrawnImage::stays);
    if (!written) return written;
    // The log would show for months who was forgotten.
    return changes.forgotten.empty() ? keep_log_short() : empty_log();
}

model::Result<void> FirmwareStore::write_changes(
    const Rollout::Changes& changes, WithdrawnImage image
) {
    return transact([&]() -> model::Result<void> {
        for (const auto& update : changes.updates) {
            if (auto done = write_update(update); !done) return done;
            const bool goes = update.state == UpdateState::aborted && image == WithdrawnImage::goes;
            if (!goes) continue;
            if (auto done = drop_image(update.number); !done) return done;
        }
        for (const auto& device : changes.devices) {
            if (auto done = write_device(device); !done) return done;
        }
        for (const DeviceId& id : changes.forgotten) {
            const std::span<const std::byte> bytes(id);
            if (auto done = drop_steps_.execute(bytes); !done) return done;
            if (auto done = drop_device_.execute(bytes); !done) return done;
        }
        return {};
    });
}

model::Result<void> FirmwareStore::write_update(const Update& update) {
    return save_update_.execute(
        number_of_enum(update.state),
        number_of_enum(update.stage),
        number_of_enum(update.up_to),
        std::string_view(update.why),
        std::int64_t{update.number}
    );
}

model::Result<void> FirmwareStore::drop_image(std::uint32_t number) {
    if (auto dropped = drop_pieces_.execute(std::int64_t{number}); !dropped) return dropped;
    buffer::SqliteStatement empty(connection_, "UPDATE release SET bytes = 0 WHERE number = ?");
    return empty.execute(std::int64_t{number});
}

model::Result<void> FirmwareStore::write_device(const KnownDevice& device) {
    const std::span<const std::byte> id(device.id);
    const std::int64_t heard = device.heard.time_since_epoch().count();
    auto saved = save_device_.execute(
        id,
        std::string_view(device.source),
        std::string_view(device.label),
        std::string_view(device.vendor),
        std::string_view(device.device_class),
        std::int64_t{device.firmware},
        std::int64_t{device.settings},
        std::int64_t{device.image_bytes_max},
        std::int64_t{device.is_on_trial},
        heard
    );
    if (!saved) return saved;
    for (const bool is_settings : {false, true}) {
        const Step& step = device.step(is_settings);
        auto done = save_step_.execute(
            id,
            std::int64_t{is_settings},
            std::int64_t{step.update},
            number_of_enum(step.state),
            std::string_view(step.cause),
            std::int64_t{step.offset}
        );
        if (!done) return done;
    }
    return {};
}

// --- images

model::Result<std::string> FirmwareStore::piece(
    std::uint32_t number, std::uint32_t offset, std::size_t size
) {
    std::string bytes;
    while (bytes.size() < size) {
        const std::size_t at = offset + bytes.size();
        auto rows =
            read_piece_.query(std::int64_t{number}, static_cast<std::int64_t>(at / kPieceBytes));
        const auto row = rows.next();
        if (!row) return row.error();
        if (!*row) break;
        const auto stored = rows.blob(0);
        const std::size_t begin = at % kPieceBytes;
        if (begin >= stored.size()) break;
        bytes +=
            text_of(stored.subspan(begin, std::min(stored.size() - begin, size - bytes.size())));
    }
    return bytes;
}

model::Result<bool> FirmwareStore::is_sound(std::uint32_t number, const Image& image) {
    Digest digest;
    std::uint32_t size = 0;
    while (true) {
        const auto bytes = piece(number, size, kPieceBytes);
        if (!bytes && bytes.error() == buffer::Errc::damaged) return false;
        if (!bytes) return bytes.error();
        if (bytes->empty()) break;
        digest.add(*bytes);
        size += static_cast<std::uint32_t>(bytes->size());
    }
    return size == image.size && digest.is(image.sha256);
}

}  // namespace gateway::firmware
