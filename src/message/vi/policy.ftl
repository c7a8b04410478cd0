# policy
policy-banner-drill = DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT

## policy-state

policy-state-not-started = chưa tính
policy-state-not-applying = không áp dụng
policy-state-waiting = chờ phân loại
policy-state-waiting-flags = chờ xác định
policy-state-due = cần thực hiện
policy-state-late = quá hạn
policy-state-done = đã thực hiện
policy-state-done-in-time = đã thực hiện trong hạn
policy-state-done-late = đã thực hiện, muộn
policy-simulated = { $state } (mô phỏng)

policy-standing = { $state }: { $time }

## policy-time

policy-left = còn { $time }
policy-left-none = đến hạn lúc này
policy-over = quá hạn { $time }
policy-over-just = vừa quá hạn
policy-at-once = đến hạn ngay; đã qua { $time }
policy-open = văn bản không ấn định thời hạn; đã qua { $time }
policy-if-serious = nếu là sự cố nghiêm trọng: { $time }
policy-if-flags = nếu { $flags }: { $time }
policy-no-detection = chưa có thời điểm phát hiện
policy-no-breach = chưa ghi nhận vi phạm dữ liệu cá nhân
policy-no-end = chưa kết thúc ứng phó
policy-not-serious = đã phân loại: không nghiêm trọng
policy-flags-no = đã xác định: không có dấu hiệu này
policy-lapsed = nay không áp dụng, nhưng khi đến hạn có áp dụng và chưa thực hiện
policy-done-in-time = lúc { $at }, trước hạn { $time }
policy-done-late = lúc { $at }, muộn { $time }
policy-done-after = lúc { $at }, sau { $time }
policy-done-unknown = lúc { $at }; chưa có mốc để tính

## policy-limit

policy-limit-words = { $words }
policy-limit-at-once = ngay
policy-limit-none = văn bản không ấn định
policy-limit-within = { $time }

## policy-citation

policy-citation = { $article } { $document }
policy-citation-second-hand = { $citation } (đọc từ nguồn thứ cấp)
policy-citation-memory = { $citation } (chưa đối chiếu)
policy-citation-inference = { $citation } (suy luận)
policy-citation-unsure = { $citation } (chưa chắc)
policy-unsure = Chưa chắc: { $text }

## policy-notice

policy-no-figure = (chưa có số liệu)
policy-assumed = { $value } (số liệu giả định)
policy-serious-yes = nghiêm trọng
policy-serious-no = không nghiêm trọng
policy-serious-undecided = chưa phân loại
policy-blank-unit = tên đơn vị
policy-blank-parent = cơ quan cấp trên
policy-blank-place = địa danh
policy-blank-operator = đơn vị vận hành hệ thống thông tin
policy-blank-owner = chủ quản hệ thống thông tin
policy-blank-system = hệ thống thông tin
policy-blank-level = cấp độ được phê duyệt
policy-blank-run = mã vụ việc
policy-blank-scenario = kịch bản
policy-blank-detected = thời điểm phát hiện
policy-blank-detected-by = người phát hiện
policy-blank-contained = thời điểm khống chế
policy-blank-restored = thời điểm khôi phục
policy-blank-ended = thời điểm kết thúc
policy-blank-breach = thời điểm phát hiện vi phạm dữ liệu cá nhân
policy-blank-seen = hiện tượng
policy-blank-done = biện pháp đã thực hiện
policy-blank-keep-running = cách duy trì phục vụ
policy-blank-contact = đầu mối liên lạc
policy-blank-classification = phân loại sự cố
policy-blank-serious-definition = định nghĩa "sự cố nghiêm trọng" của đơn vị
policy-blank-to = nơi nhận
policy-blank-citation = căn cứ
policy-blank-limit = thời hạn
policy-blank-due = thời điểm đến hạn
policy-blank-now = thời điểm soạn

## policy-file

policy-duty-overlaps = nghĩa vụ `{ $id }` đã có cho cùng khoảng thời gian
policy-duty-overlaps-help = ghi `from`, `until` để hai phiên bản không trùng ngày, hoặc đổi `id`
policy-duty-twice = nghĩa vụ `{ $id }` đã có trong tệp { $file }
policy-no-citation-help = mỗi nghĩa vụ phải có căn cứ; quy chế của đơn vị cũng là một văn bản
policy-days-reversed = `until` trước `from`
policy-start-unfit = `starts: { $start }` không đi cùng `applies: { $applies }`
policy-start-unfit-help = `breach` và `personal_data` luôn đi cùng nhau: thời hạn tính từ lúc phát hiện vi phạm dữ liệu cá nhân
policy-flags-missing = thiếu `flags`: chưa ghi dấu hiệu nào làm nghĩa vụ này áp dụng
policy-flags-not-here = `flags` không đi cùng `applies: { $applies }`
policy-invalid-limit = `{ $text }` không phải thời hạn hợp lệ
policy-invalid-limit-help = ghi `at_once` (ngay), `none` (văn bản không ấn định), hoặc khoảng thời gian như `24h`
policy-unknown-flag = không có dấu hiệu nào tên là `{ $name }`
policy-unknown-recipient = không có nơi nhận nào tên là `{ $name }`
policy-unknown-document = không có văn bản nào tên là `{ $name }`
policy-unknown-notice = không có mẫu thông báo nào tên là `{ $name }`
policy-unknown-set = không có bộ nghĩa vụ nào tên là `{ $name }` để bật, tắt
policy-blank-known = chỗ trống `{ $name }` được điền sẵn
policy-blank-known-help = bỏ mục này, hoặc đặt tên khác
policy-blank-unused = chỗ trống `{ $name }` không có trong trang nào
policy-blanks-differ = chỗ trống `{ $name }` chỉ có trong một ngôn ngữ
policy-blank-open = `{"{{"}` không có dấu đóng trên cùng dòng
policy-blank-open-help = ghi chỗ trống như {"`{{ system }}`"}
policy-unknown-blank = không có chỗ trống nào tên là `{ $name }`
policy-unknown-blank-help = điều mà chỉ người mới biết thì khai báo ở `ask`
policy-unknown-control = không yêu cầu nào nêu biện pháp `{ $control }`: biện pháp này không được tính
policy-unknown-control-help = `ungpho inventory gaps` dùng các mã biện pháp trong docs/inventory.md; đơn vị thêm mã bằng tệp trong policies/requirements/
