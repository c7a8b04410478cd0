# Văn bản thông báo soạn từ sổ chứng cứ.
notice-detected-by-step = bước "{ $step }" của kịch bản
notice-phones = điện thoại { $phones }
notice-second-channel = kênh dự phòng: { $channel }
notice-prepared = đã soạn `{ $notice }` của { $run } (bản ghi { $seq }); chương trình không gửi gì
notice-written = đã ghi vào { $path }
notice-missing = chưa có số liệu: { $blanks }
notice-missing-place = ghi `{ $key }` vào { $file } rồi soạn lại
notice-missing-help = điều chỉ người mới biết: `--value { $blank }="…"`
notice-sent-next = khi đã gửi: `ungpho sent { $run } { $notice } --number … --file …`
notice-unknown = không có mẫu thông báo nào tên là `{ $notice }`
notice-unknown-help = các mẫu: { $notices }
notice-no-text = nghĩa vụ `{ $duty }` không có mẫu thông báo
notice-unknown-value = mẫu `{ $notice }` không hỏi `{ $id }`
notice-unknown-value-help = mẫu này hỏi: { $ids }
notice-asks-nothing = mẫu này không hỏi điều gì
