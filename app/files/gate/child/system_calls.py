"""Which requests to the system the child may still make: to read, write, compute and end (Linux, seccomp).

Limits of resources forbid opening and writing files; they do not forbid to delete one, to look for one, or to signal
another process of the same user. This list does: whatever is not on it is answered with "not permitted". Where the
system knows no such filter, or on a processor not listed here, the limits stand alone.
"""

import ctypes
import platform
import struct

_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE, _UNKNOWN = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38  # EPERM, ENOSYS
_AT_NUMBER, _AT_MACHINE, _AT_FIRST_ARGUMENT = 0, 4, 16
_THREAD = 0x00010000
# Name: number on x86-64, number on ARM64.
_CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "fstat": (5, 80),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_yield": (24, 124),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "getpid": (39, 172),
    "exit": (60, 93),
    "sigaltstack": (131, 132),
    "gettid": (186, 178),
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "clock_gettime": (228, 113),
    "exit_group": (231, 94),
    "getrandom": (318, 278),
}
_CLONE, _CLONE_3 = (56, 220), (435, 435)
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_all_but_these(*, with_threads: bool) -> bool:
    """Put the list in force for the rest of this process; whether the system could."""
    if platform.machine() not in _MACHINES:
        return False
    machine, place = _MACHINES[platform.machine()]
    numbers = [both[place] for both in _CALLS.values()]
    steps = [(_LOAD, 0, 0, _AT_MACHINE), (_JUMP_IF_EQUAL, 1, 0, machine), (_RETURN, 0, 0, _REFUSE)]
    steps.append((_LOAD, 0, 0, _AT_NUMBER))
    if with_threads:
        # The newer call hides what it is asked for behind a pointer: said to be unknown, so that the older one is
        # used, which may start threads and no processes.
        steps += [(_JUMP_IF_EQUAL, 0, 1, _CLONE_3[place]), (_RETURN, 0, 0, _UNKNOWN)]
        steps += [(_JUMP_IF_EQUAL, 0, 4, _CLONE[place]), (_LOAD, 0, 0, _AT_FIRST_ARGUMENT)]
        steps += [(_JUMP_IF_SET, 0, 1, _THREAD), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    steps += [(_JUMP_IF_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    packed = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), packed)
    return bool(ctypes.CDLL(None).prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)
