// What the sample needs of a board. Nothing here waits but board_wait.
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

void board_init(void);
size_t board_write(const uint8_t* bytes, size_t count);  // returns how many the UART took
size_t board_read(uint8_t* bytes, size_t count_max);     // of what the UART has received so far
uint32_t board_now_ms(void);
uint32_t board_random(void);
void board_wait(void);     // until something is received, at most a millisecond
void board_restart(void);  // does not return

// Between a board and startup.c.
void board_receive(void);           // the UART's interrupt: passes on what it has
void board_received(uint8_t byte);  // called from there

#endif
