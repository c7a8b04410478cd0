# ledger
ledger-io = không đọc, ghi được { $path }
ledger-none = chưa có sổ chứng cứ trong { $path }
ledger-damaged = bản ghi { $seq } trong { $path } không phải là bản ghi có thể đứng ở đó
ledger-object = đối tượng { $path } không khớp mã băm của nó
ledger-key = không dùng được khóa bí mật { $path }
ledger-read-only = sổ chứng cứ trong { $path } chỉ mở để đọc
ledger-not-synced = không ghi được { $path } xuống đĩa; phần chưa lưu đã gác lại
ledger-too-long = bản ghi dài quá 64 KiB
ledger-refused = bản ghi không thể nối tiếp
ledger-help-verify = `ungpho evidence verify` cho biết sổ đối chiếu đạt đến bản ghi nào
ledger-help-key = `UNGPHO_KEYS` cho biết thư mục khóa bí mật
ledger-help-none = lần diễn tập đầu tiên sẽ lập sổ
