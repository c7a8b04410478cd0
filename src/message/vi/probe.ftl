probe-bad-address = `{ $address }` không có dạng `máy:cổng`
probe-bad-url = địa chỉ không hợp lệ
probe-host-not-found = không tìm thấy tên máy
probe-no-authorities = máy này không có danh sách tổ chức chứng thực tin cậy (thường ở `{ $place }`); cài gói `ca-certificates`

probe-http-ok = HTTP { $status }
probe-http-status = HTTP { $status }, mong đợi { $expected }
probe-http-lacks = HTTP { $status }, nội dung không có "{ $text }"
probe-http-cut = HTTP { $status }, không đọc hết nội dung: { $cause }
probe-http-redirect = { $seen }; chuyển hướng tới { $to } (không đi theo)
probe-http-no-answer = { $url } không trả lời: { $cause }
probe-http-answers = { $url } vẫn trả lời (HTTP { $status })
probe-http-bad-request = yêu cầu tới { $url } có phương thức, địa chỉ hoặc tiêu đề không hợp lệ

probe-tcp-connected = kết nối được tới { $address }
probe-tcp-not = không kết nối được tới { $address }: { $cause }

probe-dns-found = { $name } trả về { $answers }
probe-dns-other = { $name } trả về { $answers }, mong đợi { $expected }
probe-dns-nothing = { $name } không có bản ghi { $record }
probe-dns-failed = không tra được tên { $name }: { $cause }
probe-dns-no-dns = câu trả lời không phải DNS
probe-dns-code = máy chủ tên miền trả lời { $code }
probe-dns-needs-server = muốn tra bản ghi { $record } phải nêu `server`
probe-dns-bad-record = không tra được loại bản ghi { $record }
probe-dns-bad-name = `{ $name }` không phải tên miền hợp lệ

probe-tls-ok = chứng thư của { $name } hợp lệ, còn { $days } ngày
probe-tls-ends-soon = chứng thư của { $name } chỉ còn { $days } ngày, mong đợi ít nhất { $wanted } ngày
probe-tls-failed = kết nối TLS tới { $address } không đạt: { $cause }
probe-tls-shown = { $cause } (chủ thể: { $subject }; tổ chức cấp: { $issuer })
probe-tls-bad-name = `{ $name }` không phải tên máy chủ hợp lệ
probe-tls-no-certificate = máy chủ không đưa ra chứng thư đọc được
probe-tls-expired = chứng thư đã hết hạn
probe-tls-not-yet = chứng thư chưa đến ngày có hiệu lực
probe-tls-other-name = chứng thư không cấp cho tên này
probe-tls-unknown-issuer = không có tổ chức chứng thực tin cậy nào của máy này cấp chứng thư đó
probe-tls-revoked = chứng thư đã bị thu hồi
probe-tls-no-tls = dịch vụ ở đó không dùng TLS

probe-process-runs = `{ $name }` đang chạy ({ $count } tiến trình)
probe-process-none = không có tiến trình `{ $name }` đang chạy
probe-process-unknown = không đọc được danh sách tiến trình của máy
probe-service-state = dịch vụ `{ $name }` ở trạng thái `{ $state }`
probe-service-unknown = không hỏi được trạng thái dịch vụ `{ $name }`: { $cause }
probe-port-open = cổng { $port } đang mở
probe-port-free = cổng { $port } không có chương trình nào dùng
probe-port-unknown = không đọc được danh sách cổng: { $cause }
probe-disk-free = `{ $path }` còn trống { $free } ({ $percent }%)
probe-disk-unknown = không xem được dung lượng của `{ $path }`: { $cause }
probe-file-there = có `{ $path }`
probe-file-missing = không có `{ $path }`
probe-file-old = `{ $path }` thay đổi lần cuối cách đây { $age }
probe-file-lacks = `{ $path }` không chứa "{ $text }"
probe-file-differs = `{ $path }` có mã băm khác: { $digest }
probe-file-not-regular = `{ $path }` không phải tệp thường
probe-file-unreadable = không đọc được `{ $path }`: { $cause }
