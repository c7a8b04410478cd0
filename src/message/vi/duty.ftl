# Nghĩa vụ thông báo, báo cáo trên màn hình.
duty-due-at = hạn { $at }
duty-more = còn { $count } nghĩa vụ khác: `ungpho due`
duty-classified = Phân loại: { $as }
duty-definition = Định nghĩa của đơn vị: { $text }
duty-overridden = Đơn vị thay nghĩa vụ { $duty } có sẵn ("{ $title }") bằng { $by }
duty-unread = Không dùng { $file }: tệp có lỗi
duty-due = Đến hạn: { $at }
duty-limit = Thời hạn: { $limit }
duty-to = Nơi nhận: { $name } (`{ $role }`), chưa gửi
duty-to-sent = Nơi nhận: { $name }, đã gửi lúc { $at }
duty-cites = Căn cứ: { $cites }
duty-now-late = QUÁ HẠN: { $duty }
duty-now-late-drill = QUÁ HẠN (mô phỏng): { $duty }
duty-unknown-role = không nghĩa vụ nào có nơi nhận `{ $role }`
duty-unknown-flag = không nghĩa vụ nào hỏi `{ $flag }`
duty-flag-form = phải viết TÊN=yes hoặc TÊN=no, không phải `{ $given }`
