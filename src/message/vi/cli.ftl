cli-error = lỗi
cli-caused-by = nguyên nhân
cli-help = gợi ý
cli-invalid-person = `{ $person }` không dùng làm mã người được: chỉ gồm chữ cái không dấu, chữ số, `.`, `_` và `-`
cli-invalid-time = `{ $time }` không phải thời điểm dạng `2026-11-23T02:15:00+07:00`
cli-no-workspace = không tìm thấy thư mục làm việc tại đây và ở các cấp trên: { $folder }
cli-no-workspace-help = `ungpho init DIR` tạo thư mục làm việc; `--workspace DIR` chỉ thư mục khác
cli-unknown-sample = không có mẫu nào tên là `{ $name }`
cli-unknown-sample-help = các mẫu hiện có: { $names }
cli-folder-not-empty = thư mục đã có tệp: { $folder }
cli-init-done = đã tạo thư mục làm việc: { $folder }
cli-init-next = tiếp theo: điền `ungpho.yaml` và `people.yaml`, rồi chạy `ungpho playbook list`
cli-cannot-write = không ghi được { $path }
cli-lab-next = `ungpho lab break one-stop encrypt` chủ động tạo ra lỗi; `ungpho lab down` kết thúc môi trường diễn tập
cli-lab-down = đã kết thúc môi trường diễn tập
cli-lab-was-down = môi trường diễn tập chưa chạy
cli-lab-running = đang chạy
cli-lab-isolated = đang chạy, đã cô lập với người dân
cli-lab-stopped = đã dừng
cli-lab-hung = không phản hồi
cli-lab-died = tự kết thúc hoặc do lỗi chủ động tạo ra ({ $detail })
cli-lab-healthy = tình trạng: tốt
cli-lab-ill = tình trạng: không tốt
cli-lab-citizens = người dân: { $served } lượt được phục vụ, { $refused } lượt bị từ chối, { $wrong } lượt sai nội dung, { $missing } lượt không tìm thấy hồ sơ đã nộp
cli-lab-faults = lỗi chủ động tạo ra: { $faults }
cli-evidence-warning = cảnh báo
cli-evidence-note = lưu ý
cli-evidence-verifies = { $origin } đối chiếu đạt: { $size } bản ghi, trong đó { $signed } đã ký
cli-evidence-fails = { $origin } đối chiếu không đạt: trong { $size } bản ghi chỉ có { $held } bản ghi đầu đối chiếu đạt
cli-evidence-head-is = mã chốt sổ: { $head }
cli-evidence-head = `{ $text }` không phải là mã chốt sổ
cli-evidence-head-help = mã chốt sổ có dạng `SỐ_BẢN_GHI GỐC`, như `ungpho evidence head` và biên bản in ra
cli-evidence-no-runs = sổ chứng cứ chưa có cuộc diễn tập hay sự cố nào
cli-evidence-unknown = trong sổ không có cuộc diễn tập, sự cố hay bản ghi nào là `{ $what }`
cli-evidence-unknown-help = `ungpho evidence list` liệt kê các cuộc diễn tập và sự cố
cli-evidence-unreadable = không đọc được các bản ghi
cli-evidence-gone = { $digest } (đã lược bỏ)
cli-evidence-altered = { $digest } (không khớp mã băm)
cli-evidence-word = { $word ->
    [mode-tabletop] trên bàn
    [mode-technical] kỹ thuật
    [mode-live] thực chiến
    [mode-respond] ứng phó sự cố
    [stage-running] đang thực hiện
    [stage-paused] đang tạm dừng
    [stage-stopping] đang dừng
    [result-passed] đạt
    [result-failed] không đạt
    [result-stopped] đã dừng
   *[other] { $word }
}
cli-check-cause = hệ điều hành báo: { $cause }
cli-check-done = đã soát { $files } tệp; lỗi: { $errors }; cảnh báo: { $warnings }
cli-report-no-run = trong sổ không có cuộc diễn tập hay sự cố nào là `{ $run }`
cli-report-no-plan = kế hoạch thực hiện của `{ $run }` không còn trong sổ chứng cứ
cli-unknown-run = không có lượt thực hiện nào mang mã { $run }
cli-unknown-run-help = `ungpho evidence list` liệt kê các lượt thực hiện
cli-no-open-run = không có lượt thực hiện nào đang mở
cli-no-open-run-help = nêu mã, ví dụ `DT-2026-004`; `ungpho evidence list` liệt kê tất cả
cli-several-runs = có nhiều lượt thực hiện đang mở: { $runs }
cli-several-runs-help = nêu mã của một lượt ngay sau tên lệnh
cli-plan-unreadable = không đọc được kế hoạch của { $run } trong sổ chứng cứ
cli-disk-full = ổ đĩa chứa sổ chứng cứ đã đầy; chưa ghi gì
cli-disk-full-help = giải phóng ít nhất 200 MB rồi chạy `ungpho resume`
cli-ledger-failed = không dùng được sổ chứng cứ; chưa ghi gì
cli-run-ended = { $run } đã kết thúc
cli-run-paused = { $run } đang tạm dừng rồi
cli-run-not-paused = { $run } không ở trạng thái tạm dừng
cli-run-stopping = { $run } đang dừng
cli-answered-before = { $who } đã trả lời { $question } trước; câu trả lời này không được ghi
cli-never-asked = không có câu hỏi { $question }
cli-wrong-kind = câu trả lời không đúng loại mà { $question } hỏi
cli-no-longer-asked = { $question } không còn được hỏi nữa; câu trả lời này không được ghi
cli-record-refused = bản ghi không thể nối tiếp các bản ghi hiện có
cli-too-many-words = không hiểu { $count } đối số này; xem `--help`
cli-empty-note = ghi chú chưa có nội dung
cli-noted = đã ghi chú vào { $run }
cli-file-unreadable = không đọc được tệp `{ $path }`
cli-attached = đã đính kèm `{ $name }` ({ $size }) vào { $run }: { $digest }
cli-paused = đã tạm dừng { $run }: việc đang chạy vẫn chạy tiếp, không bắt đầu việc mới
cli-stopping = đang dừng { $run }; `ungpho attach` để theo dõi
cli-resumed = { $run } đang tiếp tục
cli-resume-attaches = { $run } đang có tiến trình thực hiện; mở màn hình điều hành
cli-no-question = { $run } không có câu hỏi nào đang chờ
cli-several-questions = có nhiều câu hỏi đang chờ: { $questions }; nêu một mã trước câu trả lời
cli-answered = đã ghi câu trả lời cho { $question } của { $run }
cli-answer-outcome = trả lời một trong: done, failed, unknown, skip
cli-answer-truth = trả lời yes hoặc no
cli-answer-options = chọn một trong: { $options }
cli-answer-because = thiếu lý do: thêm `--because "…"`
cli-answer-evidence = bước này phải có minh chứng trước: `ungpho note` hoặc `ungpho attach-file` với `--step`
cli-answer-checks = nêu mục đã xong bằng `--checks`: all, none hoặc các số từ 1 đến { $total }
cli-answer-value = bước này không hỏi `{ $given }`; các giá trị được hỏi: { $ids }
cli-answer-value-form = giá trị của `{ $id }` không hợp lệ: { $form }
cli-answer-plan = phải nêu ít nhất { $digits } ký tự đầu của mã băm kế hoạch: `--plan …`
cli-not-a-pair = `{ $given }` không có dạng TÊN=GIÁ TRỊ
cli-status-none = không có lượt thực hiện nào đang mở
cli-status-stage = Tình trạng: { $stage }
cli-status-question = Câu hỏi { $question } ({ $what }), từ { $time }: { $step }
cli-loop-not-started = không khởi động được tiến trình thực hiện { $run }
cli-loop-died = tiến trình thực hiện { $run } đã dừng ngay khi bắt đầu
cli-loop-late = tiến trình thực hiện { $run } chưa sẵn sàng sau 60 giây
cli-loop-help = lượt thực hiện đã có trong sổ chứng cứ; `ungpho resume { $run }` thử lại
cli-loop-elsewhere = { $run } đang có tiến trình khác thực hiện
cli-dry-run = Chỉ xem trước; chưa thực hiện gì.
cli-not-started = Chưa bắt đầu gì.
cli-start = Bắt đầu theo kế hoạch trên? [c] có, [k] không
cli-start-keys = Gõ c để bắt đầu, k để thôi.
cli-nobody-to-ask = không có người xác nhận: đầu vào không phải là màn hình điều khiển
cli-nobody-to-ask-help = thêm `--yes` để bắt đầu ngay, hoặc `--unattended` khi không có người thực hiện
cli-unknown-playbook = không có kịch bản nào tên là `{ $playbook }`
cli-unknown-playbook-help = `ungpho playbook list` liệt kê các kịch bản hiện có
cli-did-you-mean = có phải `{ $word }` không?
cli-refused-plan = { $count } lý do không lập được kế hoạch; chưa bắt đầu gì
cli-lab-starting = đang khởi động môi trường diễn tập
cli-no-program = không tìm thấy tệp của chính chương trình
cli-began = đã bắt đầu { $run }
