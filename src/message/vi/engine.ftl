# engine

## engine-plan

engine-plan-input-missing = chưa có giá trị cho đầu vào `{ $input }`
engine-plan-input-missing-help = nhập giá trị: `--input { $input }=GIÁ_TRỊ`
engine-plan-input-unknown = { $step }: kịch bản không có đầu vào `{ $input }`
engine-plan-input-not-there = kịch bản không có đầu vào `{ $input }`
engine-plan-input-unfit = giá trị không hợp lệ cho đầu vào `{ $input }`: { $value }
engine-plan-input-invalid = { $step }: giá trị không hợp lệ cho đầu vào `{ $input }`: { $value }
engine-plan-unknown-system = { $step }: không có hệ thống `{ $system }` trong danh mục
engine-plan-unknown-operation = { $step }: hệ thống `{ $system }` không có thao tác `{ $operation }`
engine-plan-unknown-host = { $step }: không có máy `{ $host }` trong danh mục
engine-plan-unknown-backup = { $step }: hệ thống `{ $system }` không có bản sao lưu `{ $backup }`
engine-plan-no-restore-place = { $step }: danh mục chưa ghi nơi khôi phục của hệ thống `{ $system }`
engine-plan-unknown-playbook = { $step }: không có kịch bản `{ $playbook }`
engine-plan-call-cycle = { $step }: các kịch bản gọi nhau thành vòng: { $chain }
engine-plan-value-missing = { $step }: chưa có thông tin `{ $name }`
engine-plan-value-missing-help = bổ sung vào tệp danh mục của hệ thống
engine-plan-not-a-list = { $step }: `{ $of }` không phải là danh sách
engine-plan-target-unknown = { $step }: đối tượng `{ $name }` chưa xác định được trước khi thực hiện
engine-plan-production = { $step }: `{ $system }` là hệ thống đang vận hành: diễn tập kỹ thuật không được tác động
engine-plan-production-help = dùng môi trường diễn tập (`--lab`), hoặc hệ thống có ghi `environment: drill_target` trong danh mục
engine-plan-literal-command = { $step }: diễn tập kỹ thuật không chạy lệnh viết trực tiếp có thay đổi hệ thống
engine-plan-literal-command-help = khai báo lệnh thành thao tác của hệ thống trong danh mục
engine-plan-restore-path = { $step }: diễn tập kỹ thuật không khôi phục vào một thư mục bất kỳ
engine-plan-restore-path-help = khôi phục vào một hệ thống: `to: inputs.system`
engine-plan-nobody-decides = { $step }: không có người quyết định và không có phương án mặc định
engine-plan-nobody-decides-help = ghi `default` cho quyết định, hoặc thực hiện với người tham gia
engine-plan-nobody-consents = chế độ `{ $mode }` cần có người đồng ý với kế hoạch thực hiện
engine-plan-lab-mode = môi trường diễn tập chỉ dùng cho diễn tập kỹ thuật
engine-plan-secret-over-ssh = { $step }: giá trị bí mật trong `env` sẽ lộ trong danh sách tiến trình của máy kia; chuyển qua `stdin`
engine-plan-retry-container = { $step }: `retry` phải ghi ở từng bước bên trong
engine-plan-undo-container = { $step }: `undo` chỉ gồm một thao tác
engine-plan-too-many-steps = quá { $limit } bước
engine-plan-expression = { $step }: không tính được `{ $expression }`


## engine-notice

engine-notice-drill = DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT
engine-notice-other = THÔNG BÁO `{ $notice }`
engine-notice-run = Vụ việc: { $run }
engine-notice-system = Hệ thống thông tin: { $system }
engine-notice-kind = Loại sự cố (theo kịch bản): { $scenario }
engine-notice-detected = Thời điểm phát hiện: { $at }
engine-notice-contained = Thời điểm khống chế: { $at }
engine-notice-restored = Thời điểm khôi phục: { $at }
engine-notice-serving = Duy trì phục vụ: { $how }
engine-notice-draft = Dự thảo lập lúc { $at }; chưa gửi.
engine-notice-no-figure = (chưa có số liệu)

## engine-loop

engine-loop-no-program = lệnh trống, không có chương trình nào để chạy
engine-loop-no-such-program = không tìm thấy chương trình `{ $program }`
engine-loop-no-such-folder = không có thư mục `{ $path }`
engine-loop-not-begun = không khởi chạy được `{ $program }`: { $error }
engine-loop-no-output-file = không tạo được tệp ghi kết quả của lệnh: { $error }
engine-loop-no-thread = không khởi chạy được công việc: { $error }
engine-loop-broke = công việc bị ngắt do lỗi của chương trình
engine-loop-no-faults = chỉ tạo được lỗi chủ động trong môi trường diễn tập
engine-loop-unknown-run = sổ chứng cứ không có lượt thực hiện nào mang mã { $run }
engine-loop-unknown-run-help = `ungpho status` liệt kê các lượt đang mở
engine-loop-ledger = không đọc hoặc ghi được sổ chứng cứ của lượt { $run }
engine-loop-run-not-begun = không bắt đầu được lượt thực hiện: không ghi được sổ chứng cứ
engine-loop-machine = không điều hành được lượt { $run } trên máy này
engine-loop-stuck = lượt { $run } không đi tiếp được do lỗi của chương trình
engine-loop-interrupted = lượt { $run } đang tạm dừng
engine-loop-resume-help = những gì đã ghi vẫn còn nguyên; `ungpho resume { $run }` để tiếp tục
engine-loop-disk-full = ổ đĩa chứa sổ chứng cứ đã đầy: lượt { $run } tạm dừng, chờ có thêm chỗ trống
engine-loop-disk-free = ổ đĩa đã có chỗ trống: lượt { $run } tiếp tục
engine-loop-ledger-trouble = chưa ghi được sổ chứng cứ, đang thử lại
engine-loop-pausing = lượt { $run } sẽ tạm dừng khi các bước đang chạy kết thúc; nhấn lần nữa để dừng ngay
engine-loop-stopping = lượt { $run } dừng ngay
engine-loop-no-copy = không tìm thấy bản sao lưu nào
engine-loop-copy-differs = bản sao lưu `{ $path }` khác bảng kê ở { $count } chỗ
engine-loop-no-good-copy = hệ thống `{ $system }` không có bản sao lưu nào toàn vẹn; { $count } bản không dùng được
engine-loop-check-not-begun = không chạy được phép kiểm tra sau khôi phục: { $reason }
engine-loop-check-failed = phép kiểm tra sau khôi phục không đạt
engine-loop-not-a-path = `{ $text }` không phải đường dẫn của một bước
engine-loop-not-a-path-help = ghi mã các bước nối bằng `/`, số lần lặp trong ngoặc vuông: `each_site[2]/visit`
engine-loop-superseded = sự cố { $run } đang theo kịch bản khác
engine-loop-no-such-step = kế hoạch không có bước `{ $step }`
engine-loop-unfit-answer = `{ $word }` không phải là câu trả lời cho `{ $step }`
engine-loop-answer-checks = `{ $step }` có { $total } mục cần đánh dấu; câu trả lời có { $given }
engine-loop-answer-value = `{ $step }` không hỏi `{ $id }`
engine-loop-answer-kind = giá trị của `{ $id }` không đúng kiểu mà `{ $step }` hỏi
engine-plan-fault-not-made = { $step }: môi trường lab chưa tạo được lỗi `{ $kind }`
engine-plan-fault-not-made-help = chọn lỗi khác, hoặc diễn tập trên bàn: khi đó người điều phối nêu tình huống
engine-loop-unlocked = khóa của { $run } không còn: sổ chứng cứ đã bị di chuyển hoặc xóa
engine-loop-seal-bad = bảng kê mã băm của `{ $path }` không hợp lệ
engine-loop-seal-unsigned = bảng kê mã băm của `{ $path }` chưa được ký
engine-loop-seal-unknown = bảng kê mã băm của `{ $path }` được ký bằng khóa mà sổ chứng cứ này không biết
engine-loop-prove-seal = bảng kê mã băm của `{ $path }` không hợp lệ; không khôi phục thử
engine-loop-prove-problem = `{ $path }` không đạt: { $why }: { $detail }
engine-loop-prove-rows = `{ $path }` không đạt: bảng { $table } không đủ số dòng
engine-loop-prove-unsealed = khôi phục thử được `{ $path }`, nhưng không có bảng kê mã băm: không xác định được có đúng là dữ liệu đã sao lưu không
engine-loop-prove-blind = phép kiểm tra đạt cả khi không có gì được khôi phục: phép này phải xem nơi mà `UNGPHO_RESTORED` nêu
engine-loop-prove-check = đã khôi phục thử `{ $path }`, nhưng phép kiểm tra của hệ thống không đạt: { $detail }
