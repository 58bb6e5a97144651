"""What the office does in the chat: reports, passages, broadcasts, reviews, roles; a file each."""
