// The device side of Passerelle's serial link (README.md beside this folder has its bytes).
//
// No heap, no operating system, no blocking, no recursion; 8 KB of code on a Cortex-M3, and 4 KB
// more where it takes updates. Everything
// here is called from one context, for instance the main loop: an interrupt handler puts what it
// received into a buffer of the firmware's own, and the main loop hands that to pd_input. Nothing
// is copied from a configuration but the struct itself, so what its pointers name must stay.
#ifndef PASSERELLE_DEVICE_H
#define PASSERELLE_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PD_VERSION 1u                // of the link
#define PD_CONTENT_BYTES_MAX 254u    // of a frame, before COBS
#define PD_PAYLOAD_BYTES_MAX 242u    // of a frame
#define PD_RECORD_BYTES_MAX 251u     // of a message in a queue: 9 bytes, and a payload
#define PD_WINDOW_MAX 8u             // messages that may be unacknowledged
#define PD_NODE_CHARS_MAX 32u        // of a node's name
#define PD_MAKE_CHARS_MAX 24u        // of the vendor, and of the class of the device
#define PD_QUANTITY_CHARS_MAX 64u    // of a quantity, a unit, a device
#define PD_ADDRESS_MAX 247u          // on a bus
#define PD_SEQUENCE_MAX 4294967294u  // the last that a queue gives
#define PD_ANSWER_MS 1000u           // without an answer: again, and twice as long each time ...
#define PD_ANSWER_MS_MAX 8000u       // ... up to this
#define PD_HEARTBEAT_MS 10000u       // of silence, then STATUS
#define PD_STOPPED_MS 2000u          // the same while the gateway takes nothing
#define PD_TURNED_AWAY_MS 60000u     // until the next HELLO
#define PD_CONNECTED_MS 30000u       // a gateway that was silent for longer is taken as gone
#define PD_TURN_PAUSE_MS 50u         // on a bus: after a longer pause the turn is over
#define PD_TURN_BEGIN_MS 20u         // on a bus: from a POLL to the first byte of the turn
#define PD_MANIFEST_BYTES_MAX 160u
#define PD_PIECE_BYTES_MAX 224u  // of an image, asked for at once
#define PD_KEY_BYTES 32u
#define PD_SIGNATURE_BYTES 64u
#define PD_DIGEST_BYTES 32u
#define PD_INTERVAL_S_MAX 86400u  // of reporting
#define PD_STARTS_MAX 3u          // of a firmware on trial, before the former one runs again
#define PD_TRIAL_MS_MIN 30000u    // a greeting, a heartbeat, and another if that is lost
#define PD_RESTART_MS 10000u      // a verified firmware waits so long for UPDATE-SEEN

enum pd_result {
    PD_OK = 0,
    PD_INVALID,   // an argument outside of its bounds; nothing was done
    PD_TOO_LONG,  // the readings do not fit into one message; nothing was done
    PD_REFUSED    // the queue could not take it; counted as lost
};

// ---- Queues -----------------------------------------------------------------------------------

// Where messages wait until the gateway has them on its disk. Numbers of messages go up by one and
// are never used for another message of the same incarnation: what a queue has given back as
// pushed keeps its number, over a loss of power as well if the queue survives one at all. A queue
// of one's own embeds this struct as its first member and supplies the calls.
struct pd_queue {
    const struct pd_queue_calls* calls;
    uint32_t incarnation;  // 0: not made yet; pd_init then calls renew
    uint32_t first;        // number of the oldest message; `next` when there is none
    uint32_t next;         // number that the next message gets
    uint32_t lost;         // readings of this incarnation that there was no room for
};

struct pd_queue_calls {
    // Keeps a message of so many readings. When there is no room the oldest messages go, and their
    // readings are counted in `lost`. On PD_REFUSED the readings of this one are counted.
    enum pd_result (*push
    )(struct pd_queue* queue, const uint8_t* record, size_t size, uint8_t readings);
    // Copies the message with this number, first <= sequence < next; returns its size, or 0 if it
    // is damaged.
    size_t (*peek)(struct pd_queue* queue, uint32_t sequence, uint8_t record[PD_RECORD_BYTES_MAX]);
    // Forgets what is below this number, at most `next`, and counts so many readings as lost.
    void (*drop_below)(struct pd_queue* queue, uint32_t sequence, uint32_t lost);
    // Begins anew as this incarnation, with number 1. So many readings are lost from the outset,
    // and those that waited.
    enum pd_result (*renew)(struct pd_queue* queue, uint32_t incarnation, uint32_t lost);
};

// A queue in memory that the caller supplies: it is gone with the power, and the readings in it.
// A message takes its record and 2 bytes.
struct pd_ram_queue {
    struct pd_queue queue;
    uint8_t* memory;
    uint32_t capacity, start, used;
};

// `bytes` from 512 on; PD_INVALID below.
enum pd_result pd_ram_queue_init(struct pd_ram_queue* queue, uint8_t* memory, uint32_t bytes);

// Pages of flash that the queue has for itself. `program` is only ever called for whole units that
// have not been programmed since their page was erased, and `read` never outside of the pages. Each
// returns whether it succeeded, when it is done.
struct pd_flash {
    void* context;
    uint32_t pages;       // 2 or more
    uint32_t page_bytes;  // 512 or more, a multiple of unit_bytes
    uint32_t unit_bytes;  // smallest piece that can be programmed: 1, 2, 4, 8, 16 or 32
    bool (*read)(void* context, uint32_t address, uint8_t* bytes, uint32_t count);
    bool (*program)(void* context, uint32_t address, const uint8_t* bytes, uint32_t count);
    bool (*erase)(void* context, uint32_t page);
};

// A queue in flash: a log over the pages, in turn. The power may go at any moment. When all pages
// are full of what waits, the oldest page goes.
struct pd_flash_queue {
    struct pd_queue queue;
    const struct pd_flash* flash;
    uint32_t newest, oldest;  // generations of pages; page = generation % pages
    uint32_t end;             // where the newest page goes on
    uint32_t read_page;       // generation and offset at which the oldest message is looked for
    uint32_t read_offset;
    uint32_t marked;  // `first` as the flash knows it
};

// Finds what the flash holds; reads all of it once. PD_INVALID: its measures are out of bounds.
enum pd_result pd_flash_queue_open(struct pd_flash_queue* queue, const struct pd_flash* flash);

// ---- Updates ----------------------------------------------------------------------------------

// SHA-256 as a library has it: begin, add as often as needed, end. One digest at a time.
struct pd_digest {
    void* context;
    void (*begin)(void* context);
    void (*add)(void* context, const uint8_t* bytes, size_t count);
    void (*end)(void* context, uint8_t digest[PD_DIGEST_BYTES]);
};

// Where firmwares lie: what the boot loader and the firmware agree on. An image begins at the start
// of its slot, whose pages may be of any number.
struct pd_slots {
    const struct pd_flash* slot[2];
    const struct pd_flash* record;  // which one runs, and how far an update is: 2 pages or more
    struct pd_digest digest;
};

// For the boot loader: the slot to be started. Verifies the digest of the image, if it came as an
// update, counts the starts of one on trial, and goes back to the former one after PD_STARTS_MAX.
// Whatever a loss of power left behind, it is a slot with all of an image. A confirmed image that
// is spoilt gives way to one that is known and whole; where there is none, it is started all the
// same.
uint8_t pd_boot_choose(const struct pd_slots* slots);

// What a manifest of settings sets.
struct pd_settings {
    uint32_t reporting_interval_s;  // 1 to PD_INTERVAL_S_MAX
};

struct pd_update_config {
    const struct pd_slots* slots;
    uint8_t slot;                         // that runs: what pd_boot_choose gave
    const uint8_t (*keys)[PD_KEY_BYTES];  // of who may sign manifests; one of them is enough
    uint8_t keys_count;
    // A firmware that could not confirm itself for so long starts again. At least PD_TRIAL_MS_MIN,
    // better minutes, as the gateway may be away; but three times this has to be well below an
    // hour, after which the gateway takes the device for failed.
    uint32_t trial_ms;
    void* context;
    // Ed25519 (RFC 8032): whether this is the signature of the message by the owner of the key.
    bool (*verify
    )(void* context,
      const uint8_t signature[PD_SIGNATURE_BYTES],
      const uint8_t* message,
      size_t count,
      const uint8_t key[PD_KEY_BYTES]);
    // These are in force now: the firmware has to measure at this interval, for the gateway is told
    // that it does. Also called by pd_update_open, if there are any.
    void (*set)(void* context, const struct pd_settings* settings);
    // NULL, or whether a firmware on trial finds that it works; asked when the gateway has
    // acknowledged what it sent.
    bool (*works)(void* context);
    // Starts the boot loader. For a new firmware that was verified (`must` is false) it may return
    // where something has to be finished first: it is called again after a second, unless the
    // update was withdrawn meanwhile. Where a trial is over (`must` is true) it does it at once: a
    // firmware that cannot talk would have its messages to finish for ever.
    void (*restart)(void* context, bool must);
};

struct pd_image {
    uint32_t sequence;  // 0: there is none, or nothing is known of it
    uint32_t size;
    uint8_t digest[PD_DIGEST_BYTES];
};

// What the record says. The library's own, as all below.
struct pd_boot_state {
    uint8_t running;  // the slot whose firmware is confirmed
    uint8_t stage;    // of the update
    uint8_t starts;   // of it, on trial
    uint8_t cause;    // why it failed
    uint32_t floor;   // highest sequence of a firmware that was confirmed
    uint32_t settings, reporting_interval_s;
    uint64_t expires_unix_s;
    struct pd_image update;
    struct pd_image confirmed[2];  // what is known of the slots
    uint32_t have;                 // bytes of the update
};

struct pd_boot_log {
    const struct pd_flash* flash;
    uint32_t newest;  // generation of the page that is written
    uint32_t holder;  // of the page with the state that counts
    uint32_t end;     // where the newest goes on
};

struct pd_repeated {  // something that is said until it is answered
    uint64_t due;
    uint32_t wait_ms;
};

struct pd_told {
    struct pd_repeated repeated;
    uint32_t update, offset;
    uint8_t state, cause;
    bool is_open;
};

struct pd_update {
    const struct pd_update_calls* calls;
    struct pd_update_config config;
    struct pd_boot_log log;
    struct pd_boot_state state;
    struct pd_told told[2];  // of images, of settings
    struct pd_repeated ask;
    uint64_t restart_at;
    uint32_t hashed;  // bytes of an image that is whole
};

// Finds what the record holds, and how the last start ended. Before pd_init. PD_INVALID: the
// configuration is out of its bounds.
enum pd_result pd_update_open(struct pd_update* update, const struct pd_update_config* config);

// ---- The link ---------------------------------------------------------------------------------

// What the firmware supplies. Each call returns at once.
struct pd_calls {
    void* context;
    // Takes as many of these bytes as the UART has room for, and returns how many.
    size_t (*write)(void* context, const uint8_t* bytes, size_t count);
    // Milliseconds since the start, wrapping at 2^32; asked at least once in 49 days.
    uint32_t (*now_ms)(void* context);
    // 32 bits that differ from start to start and from node to node: noise, or a hash of a serial
    // number and a counter in flash. Asked when a queue is made anew.
    uint32_t (*random)(void* context);
    // NULL, or told of a message that the gateway refused for good, with NodeRefused.Cause.
    void (*refused)(void* context, uint32_t sequence, uint32_t cause);
};

struct pd_config {
    const char* node;          // [A-Za-z0-9._-], 1 to 32 characters
    const char* vendor;        // at most 24; with updates the same characters, and 1 at least
    const char* device_class;  // as well
    // Of the firmware that runs: the --sequence that its image is signed with. With another number
    // it is never confirmed, and the former one comes back.
    uint32_t firmware;
    uint8_t address;  // 0: a line of one's own; 1 to 247: on a bus
    struct pd_calls calls;
    struct pd_queue* queue;
    struct pd_update* update;  // NULL: takes neither updates nor settings
};

enum pd_state {
    PD_GREETING,     // no session: says HELLO
    PD_TURNED_AWAY,  // the gateway does not want this node; asks again after a minute
    PD_CONNECTED,
    PD_STOPPED,  // connected, and the gateway takes nothing for the time being
    PD_SILENT    // a session, but nothing heard for PD_CONNECTED_MS
};

struct pd_counters {
    uint32_t sessions;
    uint32_t sent;      // messages of readings, repeated ones included
    uint32_t repeated;  // of these
    uint32_t refused;   // messages, by the gateway for good
    uint32_t damaged;   // frames received that did not check
    uint32_t unknown;   // frames received of a type, version or content that nothing is known of
};

// A link. Its members are the library's own.
struct pd_link {
    struct pd_config config;
    // 32 bits before 64: what lies in front takes shorter instructions. The first three are times
    // of the firmware's own clock; that it wraps only costs a turn.
    uint32_t now_low;
    uint32_t busy_at;  // something that took long was done
    uint32_t turn_at;  // the turn on a bus was used last
    uint32_t uptime_s, second_ms;
    uint32_t answer_ms;     // how long the next answer is waited for
    uint32_t acknowledged;  // the gateway has everything below
    uint32_t send_next;
    uint32_t sent_end;    // nothing from here on was sent in this session
    uint32_t gap_at;      // where a gap has led back to already; 0: nowhere
    uint32_t boot_first;  // messages below it are of an earlier start
    uint32_t lost_told;
    struct pd_counters counters;
    uint64_t now;          // milliseconds since the start
    uint64_t answer_due;   // when an answer is waited for no longer
    uint64_t quiet_until;  // of a node that was turned away
    uint64_t told_at;      // readings, a status or a greeting were sent
    uint64_t heard_at;
    uint64_t greeted_at;     // what was sent last before WELCOME
    int64_t unix_offset_ms;  // Unix time less `now`
    uint16_t session;        // 0: none
    uint8_t window;
    bool has_time;
    bool turn;  // a bus is ours
    uint8_t frame_type;
    uint16_t frame_bytes, frame_sent, received_bytes;
    uint8_t frame[PD_CONTENT_BYTES_MAX + 3u];
    uint8_t received[PD_CONTENT_BYTES_MAX + 2u];
    uint8_t record[PD_RECORD_BYTES_MAX];
};

// PD_INVALID where the configuration is out of its bounds. PD_REFUSED where the queue cannot be
// made yet: the link can be used, tries again, and until then every reading is refused and counted.
enum pd_result pd_init(struct pd_link* link, const struct pd_config* config);

// Bytes from the UART, in any pieces.
void pd_input(struct pd_link* link, const uint8_t* bytes, size_t count);

// Sends what is due, as far as `write` takes it. Called in every turn of the main loop, or every
// few milliseconds; on a bus within 20 ms of the last byte received.
void pd_poll(struct pd_link* link);

enum pd_value_kind { PD_DECIMAL, PD_NUMBER, PD_FLAG };

// A measured value in the words of proto/passerelle/v1/reading.proto.
struct pd_reading {
    const char* quantity;  // "water.volume"
    const char* unit;      // UCUM; NULL: the quantity's
    const char* device;    // of a node that speaks for several devices; NULL: the node itself
    enum pd_value_kind kind;
    union {
        struct {
            int64_t mantissa;
            int32_t exponent;
        } decimal;
        double number;
        bool flag;
    } value;
};

// Puts readings of one moment into the queue, as one message: PD_OK means that the queue has it.
// `observed_at_ms` is that moment in Unix time, where the caller knows it; 0: now, by the gateway's
// clock, which a reading also gets later if the gateway has not told its time yet.
enum pd_result pd_readings_add(
    struct pd_link* link, const struct pd_reading* readings, size_t count, int64_t observed_at_ms
);

enum pd_state pd_link_state(struct pd_link* link);
uint32_t pd_waiting(const struct pd_link* link);  // messages
int64_t pd_unix_ms(struct pd_link* link);         // 0: not known yet
const struct pd_counters* pd_link_counters(const struct pd_link* link);

#ifdef __cplusplus
}
#endif

#endif
