# words

words-cause-not-found = không tìm thấy
words-cause-no-permission = không có quyền
words-cause-refused = bị từ chối kết nối
words-cause-cut-off = kết nối bị ngắt giữa chừng
words-cause-timed-out = hết thời gian chờ
words-cause-unreachable = không có đường mạng tới nơi
words-cause-disk-full = ổ đĩa đã đầy
words-cause-read-only = ổ đĩa chỉ cho phép đọc
words-cause-is-folder = là thư mục, không phải tệp
words-cause-not-folder = không phải thư mục
words-cause-name = tên tệp quá dài hoặc có ký tự không dùng được
words-cause-not-file = không phải tệp thông thường
words-cause-exists = đã có tệp hoặc thư mục mang tên này
words-cause-circle = các liên kết trỏ vòng vào nhau
words-cause-unknown-name = không phân giải được tên máy
words-cause-other = { $text }
