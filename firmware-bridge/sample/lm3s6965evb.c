// Stellaris LM3S6965 evaluation board: the PL011 UART 0, 16 bytes of room each way.
#include "board.h"

#define UART(offset) (*(volatile uint32_t*)(0x4000c000u + (offset)))
#define DATA UART(0x00)
#define FLAGS UART(0x18)
#define DIVIDER_WHOLE UART(0x24)
#define DIVIDER_FRACTION UART(0x28)
#define LINE UART(0x2c)
#define CONTROL UART(0x30)
#define INTERRUPTS UART(0x38)
#define CLEAR UART(0x44)
#define RECEIVING_INTERRUPTS 0x50u  // some bytes, or few for a while
#define RECEIVING_EMPTY 0x10u
#define SENDING_FULL 0x20u

void board_init(void) {
    const uint32_t divider = BOARD_CLOCK_HZ * 4u / 115200u;  // in 64ths
    DIVIDER_WHOLE = divider / 64u;
    DIVIDER_FRACTION = divider % 64u;
    LINE = 0x70;      // 8 bits, with room
    CONTROL = 0x301;  // both ways on
    INTERRUPTS = RECEIVING_INTERRUPTS;
}

size_t board_write(const uint8_t* bytes, size_t count) {
    size_t taken = 0;
    while (taken < count && (FLAGS & SENDING_FULL) == 0) DATA = bytes[taken++];
    return taken;
}

void board_receive(void) {
    CLEAR = RECEIVING_INTERRUPTS;
    while ((FLAGS & RECEIVING_EMPTY) == 0) board_received((uint8_t)DATA);
}
