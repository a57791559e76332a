"""Cuts a JSON array into the texts of its elements, so that each can be read, or refused, alone.

A streaming parser stops at the first fault of an element (a number too large, a misplaced comma
inside one record) and the rest of the file is lost with it. Here only brackets, commas and quotes
are read; the standard `json` module reads each element.
"""

import re
from collections.abc import Iterator
from typing import IO

CHUNK_BYTES = 1 << 16
# Up to the next bracket, over whole strings; a string still open at the end of the text stops it.
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_TO_COMMA = re.compile(rb'(?:[^",\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_BLANK = re.compile(rb"[ \t\r\n]*+")
_QUOTE = ord('"')
_CLOSING = {b"[": b"]", b"{": b"}"}


class ArrayCut(Exception):
    """The text ends before the array does."""


class ArrayMalformed(Exception):
    """Brackets or commas that do not make an array: nothing after them can be trusted."""


class ElementTooLong(Exception):
    """An element longer than any record."""


def array_elements(stream: IO[bytes], max_bytes: int) -> Iterator[bytes]:
    """Yields the text of each element of the array that a stream, at its `[`, holds.

    Raises `ArrayCut`, `ArrayMalformed` or `ElementTooLong` once what precedes is yielded.
    """
    cutter = _Cutter(stream, max_bytes)
    cutter.take()  # the opening bracket
    if cutter.next_character() == b"]":
        cutter.take()
    else:
        while True:
            yield cutter.element()
            after = cutter.next_character()
            cutter.take()
            if after == b"]":
                break
            if after != b",":
                raise ArrayMalformed
    if cutter.has_more_text():
        raise ArrayMalformed


class _Cutter:
    """A window on the stream that begins at the first byte not yet taken."""

    def __init__(self, stream: IO[bytes], max_bytes: int) -> None:
        self._stream = stream
        self._max_bytes = max_bytes
        self._window = b""
        self._start = 0

    def take(self) -> None:
        """Goes past the next character."""
        self._at(self._start)
        self._start += 1

    def next_character(self) -> bytes:
        """Skips blanks and returns the next character, which is not taken."""
        self._skip_blanks()
        return self._at(self._start)

    def has_more_text(self) -> bool:
        """Tells whether anything but blanks is left."""
        try:
            self.next_character()
        except ArrayCut:
            return False
        return True

    def element(self) -> bytes:
        """Takes the text of one element."""
        self._skip_blanks()
        at, opened = 0, b""
        while True:
            at = self._scan(_TO_BRACKET if opened else _TO_COMMA, at)
            sign = self._at(self._start + at)
            if sign in b",]" and not opened:
                break
            at += 1
            if sign in _CLOSING:
                opened += _CLOSING[sign]
            elif opened.endswith(sign):
                opened = opened[:-1]
                if not opened:
                    break
            else:
                raise ArrayMalformed
        text = self._window[self._start : self._start + at]
        if not text.strip():
            raise ArrayMalformed
        self._start += at
        return text

    def _scan(self, pattern: re.Pattern[bytes], at: int) -> int:
        """Returns where, past the start, the pattern ends for good: at a bracket or a comma."""
        while True:
            match = pattern.match(self._window, self._start + at)
            at = match.end() - self._start if match else at
            stop = self._start + at
            if stop < len(self._window) and self._window[stop] != _QUOTE:
                return at
            self._read()  # what the pattern stopped on, or the end of a string, is further on

    def _skip_blanks(self) -> None:
        while True:
            match = _BLANK.match(self._window, self._start)
            self._start = match.end() if match else self._start
            if self._start < len(self._window) or not self._fill():
                return

    def _at(self, position: int) -> bytes:
        """Returns the byte at a position of the window, read further when needed."""
        offset = position - self._start
        while self._start + offset >= len(self._window):
            self._read()
        return self._window[self._start + offset : self._start + offset + 1]

    def _read(self) -> None:
        if not self._fill():
            raise ArrayCut

    def _fill(self) -> bool:
        """Reads more, as much again as is held; returns False at the end of the stream."""
        held = len(self._window) - self._start
        if held > self._max_bytes:
            raise ElementTooLong
        more = self._stream.read(max(CHUNK_BYTES, held))
        self._window = self._window[self._start :] + more
        self._start = 0
        return bool(more)
