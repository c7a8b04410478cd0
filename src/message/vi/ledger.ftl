# ledger
ledger-io = không đọc hoặc không ghi được { $path }
ledger-none = chưa có sổ chứng cứ trong { $path }
ledger-damaged = bản ghi { $seq } trong { $path } không nối tiếp được các bản ghi trước
ledger-object = đối tượng { $path } không khớp mã băm của nó
ledger-key = không dùng được khóa bí mật { $path }
ledger-read-only = sổ chứng cứ trong { $path } chỉ mở để đọc
ledger-not-synced = không ghi được { $path } xuống ổ đĩa; phần chưa ghi được để riêng, không tính vào sổ
ledger-too-long = bản ghi dài quá 64 KiB
ledger-refused = bản ghi này không được đứng ở vị trí này trong sổ
ledger-help-verify = `ungpho evidence verify` cho biết sổ đối chiếu đạt đến bản ghi nào
ledger-help-key = biến môi trường `UNGPHO_KEYS` chỉ thư mục chứa khóa bí mật
ledger-help-none = sổ được lập khi bắt đầu cuộc diễn tập đầu tiên
