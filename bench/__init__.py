"""What it costs to tell everybody, beside Node's socket.io and the least that any server can do."""
