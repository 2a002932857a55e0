"""Where compression pays: bytes, processor time and the delay on a slow line, plain beside compressed."""
