/** Linux's MAX_ARG_STRLEN less the closing NUL, in bytes: execve(2) refuses a longer argument. */
export const LONGEST_ARGUMENT = 131071;
