# Vai trò, bàn giao ca trực, người xác nhận thứ hai, xác nhận của chỉ huy.
people-unknown-role = không có vai trò nào tên là `{ $role }`
people-part-over = theo `people.yaml`, { $who } đã thôi nhiệm vụ từ sau ngày { $until }
people-part-over-help = sửa `until` trong `people.yaml`, hoặc chọn người khác
people-role-held = { $who } đang giữ vai trò `{ $role }`
people-role-held-help = người đó bàn giao: `ungpho handover --role { $role } --to …`; không liên lạc được thì `ungpho replace --role { $role } --to … --because "…"`
people-role-vacant = chưa có người giữ vai trò `{ $role }`
people-role-vacant-help = `ungpho join --role { $role }` để nhận vai trò
people-has-it = { $who } đã giữ vai trò `{ $role }`
people-not-there = { $who } không tham gia { $run }
people-joined = { $who } tham gia { $run } với vai trò `{ $role }`
people-left = { $who } đã thôi tham gia { $run }
people-vacant = các vai trò chưa có người giữ: { $roles }
people-replaced = thay người: { $who } giữ vai trò `{ $role }` của { $run } từ bây giờ
people-not-a-record = `{ $word }` không phải là số bản ghi
people-not-the-commander =
    { $count ->
        [0] { $who } không xác nhận được: chưa có người giữ vai trò `commander`
       *[other] { $who } không xác nhận được; người xác nhận được: { $names }
    }
people-not-the-commander-help = `ungpho join --role commander` để nhận vai trò, hoặc ghi thay người đó: `--by MÃ_NGƯỜI`
people-confirmed = đã xác nhận sự đồng ý ở bản ghi { $seq } của { $run }
people-to-oneself = { $who } đang giữ vai trò `{ $role }`, không bàn giao cho chính mình được
people-offered = đã đề nghị bàn giao vai trò `{ $role }` cho { $who } (câu hỏi { $question }); vai trò giữ nguyên đến khi { $who } nhận
people-offered-next = { $who } nhận bàn giao bằng `ungpho handover { $run } --accept`
people-open-step = Bước đang mở: { $step }
people-open-question = Câu hỏi đang chờ { $question } ({ $what }), từ { $time }: { $step }
people-open-duty = Chưa gửi: thông báo `{ $notice }`
people-open-nothing = Không còn việc nào đang mở.
people-note = Ghi chú: { $note }
people-not-offered = không có bàn giao nào dành cho { $who } trong { $run }
people-not-offered-help = `--as MÃ_NGƯỜI` nêu người nhận; `ungpho status` liệt kê các bàn giao
people-own-offer = người bàn giao không nhận thay { $who } được
people-accepted = { $who } giữ vai trò `{ $role }`, nhận bàn giao từ { $from }
people-declined = { $who } không nhận vai trò `{ $role }`; { $from } tiếp tục giữ
people-passed-on = vai trò `{ $role }` không còn của { $who }: bàn giao này không còn hiệu lực
people-key-not-asked = `--key` để đồng ý với tư cách người xác nhận thứ hai; câu hỏi này hỏi việc khác
people-first-person = { $who } là người thực hiện bước này, không làm người xác nhận thứ hai được
people-held = { $role }: { $who }
people-held-listed = { $role }: { $who } (theo people.yaml)
people-held-nobody = { $role }: CHƯA CÓ NGƯỜI
people-roles = Vai trò: { $roles }
people-not-taken = BÀN GIAO CHƯA ĐƯỢC NHẬN từ { $time }, đã { $age }: { $role }, { $from } bàn giao cho { $to }; { $from } vẫn giữ vai trò, rút lại bằng `ungpho handover --withdraw --because "…"`
people-offer-void = BÀN GIAO KHÔNG CÒN HIỆU LỰC: { $role }, { $from } bàn giao cho { $to }; người giữ vai trò bây giờ: { $who }; { $from } rút lại bằng `ungpho handover --withdraw --because "…"`
people-nothing-to-withdraw = { $who } không có đề nghị bàn giao nào đang chờ trong { $run }
people-withdrawn = { $who } rút lại đề nghị bàn giao vai trò `{ $role }` cho { $to }, tiếp tục giữ vai trò
people-unconfirmed = CHỜ CHỈ HUY XÁC NHẬN: { $who } tự đồng ý một mình ở bước { $step }; `ungpho confirm { $seq }`
