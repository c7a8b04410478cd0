# level
level-on = Tính đến ngày { $day }
level-preview = Ngày này nằm giữa hai bộ tiêu chí: bộ cũ không còn hiệu lực, { $rules } chưa có hiệu lực và chỉ để xem trước
level-suggests = Kết quả là gợi ý để lập hồ sơ; cấp độ do cấp có thẩm quyền phê duyệt
level-overridden = Tệp { $by } của đơn vị thay tiêu chí { $rule } ("{ $text }")
level-none = danh mục chưa có hệ thống nào
level-unknown-system-help = `ungpho inventory level` xem mọi hệ thống trong danh mục
level-nobody-to-ask-help = chạy lại trên màn hình, hoặc ghi thông tin vào tệp
level-dossier = hồ sơ cấp độ

level-force = cấp độ đang áp dụng: { $level }
level-at-run = { $system }: cấp độ đang áp dụng { $level }

level-set-in-force = { $rules } (đang có hiệu lực)
level-set-preview = { $rules } (xem trước, chưa có hiệu lực)
level-set-other = { $rules } (để đối chiếu)
level-proved = cấp độ đã đủ căn cứ: { $level }
level-proved-possible = cấp độ đã đủ căn cứ: { $level } · cấp độ cao nhất còn có thể: { $possible }
level-possible = chưa xác định · cấp độ cao nhất còn có thể: { $possible }
level-no-match = chưa xác định: không tiêu chí nào khớp
level-rule = [{ $rule }] cấp độ { $level }: { $text }
level-component = hệ thống thành phần { $component } · { $text }
level-citation = { $article }
level-grounds = theo: { $facts }
level-and = { $first }, { $second }
level-word = { $word }
level-assumed = { $text } (số liệu giả định)
level-note = lưu ý: { $text }
level-highest = lấy cấp độ cao nhất: { $article }
level-open = cách hiểu khác [{ $rule }] cấp độ { $level }: { $text }
level-mark = [{ $rule }] { $text }
level-mark-possible = [{ $rule }] còn có thể: { $text }
level-questions = thông tin cần bổ sung, quyết định nhất ở trên:
level-question = { $fact }: { $what } (có thể tới cấp độ { $level })

level-answer = { $answer }: { $level }
level-or = { $first }; { $second }
level-span-none = chưa xác định
level-span-open = chưa xác định, có thể tới cấp độ { $high }
level-span-one = cấp độ { $level }
level-span = cấp độ { $low } đến { $high }

level-standing-met = đạt
level-standing-not-met = không đạt
level-standing-look = cần xem lại
level-standing-unknown = chưa có thông tin
level-standing-told = lưu ý

level-fact-class = loại hình hệ thống thông tin
level-fact-information = loại thông tin được xử lý
level-fact-one-stop = có giải quyết thủ tục hành chính không
level-fact-online-service = dịch vụ công trực tuyến đến đâu
level-fact-conditional-business = dịch vụ trực tuyến có thuộc danh mục kinh doanh có điều kiện không
level-fact-users = số người sử dụng có thông tin được xử lý (không phải số tài khoản)
level-fact-subjects-basic = số chủ thể dữ liệu cá nhân cơ bản
level-fact-subjects-sensitive = số chủ thể dữ liệu cá nhân nhạy cảm
level-fact-scope = phạm vi phục vụ
level-fact-national-egov = có phải hệ thống thông tin quốc gia phục vụ Chính phủ điện tử không
level-fact-always-on = có phải vận hành 24/7 không
level-fact-no-unplanned-stop = có phải không chấp nhận ngừng vận hành mà không có kế hoạch trước không
level-fact-defence-security = có phục vụ quốc phòng, an ninh không
level-fact-harm = bị phá hoại thì tổn hại quốc phòng, an ninh quốc gia đến mức nào
level-fact-strategic = có mang tính chiến lược không
level-fact-works-grade = cấp công trình xây dựng được điều khiển
level-fact-national-critical-data = có lưu trữ tập trung dữ liệu đặc biệt quan trọng của quốc gia không
level-fact-international-link = có kết nối Việt Nam với quốc tế không
level-fact-decided-level = có quyết định nào ấn định cấp độ không


level-ask-question = { $system } · { $fact }: { $what } (có thể tới cấp độ { $level })
level-ask-assumed = { $system } · { $fact }: { $what }. Đang ghi { $value } (số liệu giả định)
level-ask-truth = [c] có, [k] không, [?] chưa rõ, [d] dừng
level-ask-count = gõ một số, [?] chưa rõ, [d] dừng
level-ask-one = gõ một số trong danh sách, [?] chưa rõ, [d] dừng
level-ask-several = gõ mọi số áp dụng, cách nhau bằng dấu cách, [?] chưa rõ, [d] dừng
level-ask-decision = [1] đến [5] cấp độ theo quyết định, [k] không có quyết định, [?] chưa rõ, [d] dừng
level-ask-confirm = [c] đúng, [k] không đúng, [?] chưa rõ, [d] dừng
level-ask-wrong = câu trả lời không hợp lệ
level-ask-written = đã ghi { $fact }: { $value } vào { $file }
level-ask-confirmed = đã xác nhận { $fact } trong { $file }
level-file-changed = tệp { $file } đã thay đổi từ lúc đọc, chưa ghi câu trả lời này
level-file-changed-help = chạy lại lệnh để đọc tệp mới
level-file-form = không ghi được `{ $fact }` vào { $file } mà vẫn giữ nguyên phần còn lại
level-file-form-help = ghi `{ $fact }: { $value }` vào tệp bằng trình soạn thảo
