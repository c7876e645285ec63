// Arm MPS2 with the AN385 image: the CMSDK UART 0, one byte of room each way.
#include "board.h"

#define UART ((volatile uint32_t*)0x40004000u)
#define DATA UART[0]
#define STATE UART[1]
#define CONTROL UART[2]
#define CLEAR UART[3]
#define DIVIDER UART[4]
#define SENDING_FULL 1u
#define RECEIVED 2u
#define RECEIVING_INTERRUPT 2u

void board_init(void) {
    DIVIDER = BOARD_CLOCK_HZ / 115200u;
    CONTROL = 0xb;  // both ways on, an interrupt for what is received
}

size_t board_write(const uint8_t* bytes, size_t count) {
    size_t taken = 0;
    while (taken < count && (STATE & SENDING_FULL) == 0) DATA = bytes[taken++];
    return taken;
}

void board_receive(void) {
    CLEAR = RECEIVING_INTERRUPT;
    while ((STATE & RECEIVED) != 0) board_received((uint8_t)DATA);
}
