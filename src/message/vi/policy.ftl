# policy
policy-unknown-task = không có hàng nào mang số `{ $id }`
policy-unprinted = nội dung không thuộc nhiệm vụ nào nên không được in: { $phrases }
policy-unprinted-help = ghi trong `results` số của nhiệm vụ in nội dung này; `checks`, `scans`, `hunts`, `awareness`, `training`, `letters` theo `coordination` nếu không ghi riêng
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
policy-layout-blank = mẫu này thiếu `{ $blank }`
policy-serious-yes = nghiêm trọng
policy-serious-no = không nghiêm trọng
policy-serious-undecided = chưa xác định có nghiêm trọng hay không
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

## policy-level

policy-rules-nd85 = Nghị định số 85/2016/NĐ-CP
policy-rules-nd331 = Nghị định số 331/2026/NĐ-CP
policy-rule-never = điều kiện này không bao giờ khớp
policy-rule-never-help = xem lại các điều kiện loại trừ nhau
policy-rule-empty = chưa ghi điều kiện
policy-unknown-fact = không có thông tin nào tên là `{ $name }`
policy-other-year = ngày { $day } không thuộc năm của tệp
policy-off-and-working = ngày { $day } vừa ghi nghỉ vừa ghi làm việc

policy-noted = { $text } ({ $note })
policy-level-approved = cấp độ đã được phê duyệt
policy-level-proposed = cấp độ đề xuất
policy-level-below = { $kind } là { $level }, thấp hơn cấp độ đã đủ căn cứ là { $proved }: xác định lại cấp độ
policy-level-fits = { $kind } là { $level }, khớp với căn cứ
policy-level-not-proved = { $kind } là { $level }; thông tin hiện có chưa đủ căn cứ
policy-level-above = { $kind } là { $level }, cao hơn mọi tiêu chí còn có thể khớp
policy-risk-higher = kết quả đánh giá rủi ro ứng với cấp độ { $risk }, cao hơn cấp độ { $level }: chủ quản phải đề xuất cấp độ cao hơn
policy-risk-not-higher = kết quả đánh giá rủi ro ứng với cấp độ { $risk }, không cao hơn cấp độ { $level }
policy-kept = giữ cấp độ đã được phê duyệt ({ $level }); đáp ứng điều kiện mới chậm nhất ngày { $due }
policy-kept-late = giữ cấp độ đã được phê duyệt ({ $level }); đã quá ngày { $due } phải đáp ứng điều kiện mới
policy-building = hệ thống đang xây dựng: thẩm định theo quy định cũ chậm nhất ngày { $appraised }, đáp ứng điều kiện mới chậm nhất ngày { $due }
policy-building-unsure = hệ thống đang xây dựng: chưa rõ bắt đầu trước ngày { $before } hay không; nếu trước thì thẩm định theo quy định cũ, ghi `rules: nd85-2016` ở `dossier`, nếu không thì `rules: nd331-2026`
policy-building-late = hệ thống đang xây dựng: đã quá hạn (thẩm định theo quy định cũ ngày { $appraised }, đáp ứng điều kiện mới ngày { $due })
policy-authority-unit = cấp độ { $level }: đơn vị chuyên trách của chủ quản thẩm định và phê duyệt, báo cáo chủ quản
policy-authority-owner = cấp độ { $level }: đơn vị chuyên trách của chủ quản thẩm định, chủ quản phê duyệt
policy-authority-tt = cấp độ { $level }: Bộ Thông tin và Truyền thông thẩm định (Bộ Quốc phòng, Bộ Công an đối với hệ thống do mình quản lý), chủ quản phê duyệt; Danh mục cấp độ 5 do Thủ tướng Chính phủ phê duyệt
policy-authority-bca = cấp độ { $level }: Bộ Công an thẩm định (Bộ Quốc phòng đối với hệ thống quân sự, Ban Cơ yếu Chính phủ đối với hệ thống cơ yếu), chủ quản phê duyệt
policy-authority-bca-5 = cấp độ { $level }: Bộ Công an thẩm định (Bộ Quốc phòng đối với hệ thống quân sự, Ban Cơ yếu Chính phủ đối với hệ thống cơ yếu), chủ quản phê duyệt phương án, Thủ tướng Chính phủ phê duyệt Danh mục
policy-appraiser-fits = đơn vị thẩm định: { $unit }
policy-appraiser-other = đơn vị thẩm định ghi là { $unit }, đơn vị chuyên trách ghi là { $expected }: đối chiếu lại
policy-appraiser-not-ministry = { $unit } không thẩm định hệ thống cấp độ { $level }
policy-decision-missing = chưa ghi cơ quan ban hành quyết định phê duyệt
policy-no-number = chưa ghi số quyết định
policy-approver-unknown = { $body } phê duyệt; chưa ghi chủ quản, đơn vị chuyên trách để đối chiếu
policy-approver-fits = cấp có thẩm quyền phê duyệt: { $body }
policy-approver-other = quyết định do { $body } ban hành, cấp có thẩm quyền là { $expected }: đối chiếu lại
policy-operator-council = Hội đồng thẩm định độc lập: { $unit }
policy-operator-appraises = { $unit } vừa vận hành vừa thẩm định: phải do đơn vị khác hoặc Hội đồng thẩm định độc lập thẩm định
policy-operator-apart = đơn vị thẩm định không phải đơn vị vận hành: { $unit }
policy-operator-unknown = chưa ghi đơn vị vận hành để đối chiếu với đơn vị thẩm định
policy-operator-is-unit = { $unit } vừa là đơn vị chuyên trách vừa vận hành: đơn vị khác hoặc Hội đồng thẩm định độc lập thẩm định
policy-regulation-before = Quy chế ban hành ngày { $issued }, trước ngày phê duyệt
policy-regulation-after = Quy chế ban hành ngày { $issued }, không trước ngày phê duyệt { $decided }
policy-regulation-unknown = chưa ghi ngày Quy chế hoặc ngày phê duyệt
policy-time-appraisal = thẩm định
policy-time-approval = phê duyệt
policy-time-days = { $days } ngày
policy-time-working = { $days } ngày làm việc
policy-time-kept = { $what } trong { $days } (đến { $due }): xong ngày { $at }
policy-time-late = { $what } trong { $days } (đến { $due }): muộn, xong ngày { $at }
policy-time-runs = { $what } trong { $days }: đến hạn ngày { $due }
policy-time-over = { $what } trong { $days }: hạn cuối { $due }, đã quá
policy-time-undated = { $what }: đã xong, chưa ghi ngày
policy-no-holidays = chưa có tệp ngày nghỉ `policies/holidays/` của năm { $years }: mới trừ thứ Bảy, Chủ nhật, hạn thật có thể muộn hơn
policy-splitting = dùng chung `{ $what }` với hệ thống `{ $other }` cấp độ { $level }: không tách hệ thống để hạ cấp độ
policy-change-open = thay đổi ngày { $at } ({ $what }) chưa xác định lại cấp độ
policy-change-risk = thay đổi ngày { $at } ({ $what }) chưa đánh giá lại rủi ro
policy-assessment-none = chưa ghi lần kiểm tra, đánh giá nào
policy-assessment-last = lần gần nhất ngày { $at }
policy-assessment-no-number = kiểm tra, đánh giá định kỳ theo cấp độ và rủi ro, văn bản không ấn định số lần; { $seen }
policy-assessment-due = kiểm tra, đánh giá ít nhất { $months } tháng một lần; { $seen }
policy-assessment-late = kiểm tra, đánh giá ít nhất { $months } tháng một lần: quá hạn; { $seen }
policy-reply = hồ sơ chưa đầy đủ, hợp lệ thì được trả lời trong { $days } ngày làm việc, đến ngày { $due }
policy-assessor = lần gần nhất do { $by } thực hiện: cấp độ { $level } phải do tổ chức được cấp phép, có chức năng phù hợp hoặc được chỉ định; người có trách nhiệm xác nhận
policy-assessor-operator = lần gần nhất do đơn vị vận hành ({ $by }) thực hiện: cấp độ { $level } phải do tổ chức được cấp phép, có chức năng phù hợp hoặc được chỉ định; xem lại
policy-assessor-independent = lần gần nhất do đơn vị vận hành ({ $by }) thực hiện: tự đánh giá phải độc lập với vận hành; xem lại
policy-assessor-unknown = chưa ghi tổ chức thực hiện lần ngày { $at }; cấp độ { $level } phải do tổ chức được cấp phép, có chức năng phù hợp hoặc được chỉ định

policy-force-approved = { $level } (đã được phê duyệt; chưa ghi số, ngày quyết định)
policy-force-decision = { $level } (đã được phê duyệt: { $decision })
policy-force-assumed = { $text } (số liệu giả định)
policy-force-computed = { $level } (chương trình tính theo { $rules }, chưa được phê duyệt)
policy-force-none = chưa xác định
policy-unknown-control = không yêu cầu nào nêu biện pháp `{ $control }`: biện pháp này không được tính
policy-unknown-control-help = `ungpho inventory gaps` dùng các mã biện pháp trong docs/inventory.md; đơn vị thêm mã bằng tệp trong policies/requirements/
policy-month-day = `{ $text }` không phải ngày của mọi năm
policy-month-day-help = viết tháng và ngày: `"12-20"`
policy-cadence-name = `{ $text }` không phải tên một chu kỳ
policy-cadence-name-help = viết bộ và mã: `ct18-2022/live-drill`
policy-unknown-cadence = không có chu kỳ nào tên là `{ $name }`
policy-level-twice = `{ $id }` nêu cấp độ { $level } hai lần
policy-until-before-from = ngày cuối { $until } trước ngày đầu { $from }
policy-level-adopted = `{ $name }` là thời hạn về cấp độ, không phải chu kỳ để áp dụng
policy-level-adopted-help = đã thực hiện thì ghi ở `done`; chu kỳ riêng của đơn vị thì ghi ở `rows`, ví dụ `counts: assessment`
policy-done-to-come = ngày { $day } chưa đến, hôm nay là { $today }: chưa thể ghi là đã thực hiện
