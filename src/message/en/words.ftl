# words

words-cause-not-found = not found
words-cause-no-permission = no permission
words-cause-refused = connection refused
words-cause-cut-off = the connection was cut off
words-cause-timed-out = timed out
words-cause-unreachable = no route to it
words-cause-disk-full = the disk is full
words-cause-read-only = the disk is read-only
words-cause-is-folder = it is a folder, not a file
words-cause-not-folder = it is not a folder
words-cause-name = the name is too long, or has characters that cannot be used
words-cause-not-file = it is not a regular file
words-cause-exists = something of this name is there already
words-cause-circle = its links go in a circle
words-cause-unknown-name = no such name is known
words-cause-other = { $text }
