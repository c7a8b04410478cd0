# action

action-date-help = viết 2026-12-31 hoặc 31/12/2026
action-none = không có việc khắc phục nào chờ
action-open = chưa thực hiện
action-overdue = quá hạn { $days } ngày
action-done = đã thực hiện ngày { $date }, chờ diễn tập lại
action-retested = { $run } cho thấy đã khắc phục
action-line = { $standing } · thời hạn { $due } · { $owner }
action-from = từ { $run }
action-from-objective = từ { $run }, mục tiêu `{ $objective }`
action-met = đạt
action-not-met = không đạt
action-not-measured = không đo được
action-measured = { $run } ngày { $date } đo lại: { $result } (bản ghi { $record })
action-opened = đã ghi việc khắc phục { $number } của { $run }, thời hạn { $due }
action-unknown = `{ $number }` không phải là số của một việc khắc phục
action-unknown-help = `ungpho action list --all` liệt kê các việc và số của chúng
action-closed-done = đã ghi: việc khắc phục { $number } đã thực hiện, chờ cuộc diễn tập sau
action-closed-retested = đã ghi: { $run } cho thấy việc khắc phục { $number } đã xong
action-not-a-retest = { $run } không phải là cuộc diễn tập bắt đầu sau khi ghi việc khắc phục { $number }
action-not-a-retest-help = `ungpho evidence list` liệt kê các cuộc diễn tập theo thời gian
action-done-late = đã thực hiện ngày { $date }, chậm { $days } ngày, chờ diễn tập lại
action-missed-again = { $run } đo mục tiêu của việc khắc phục { $number } là không đạt (bản ghi { $seq }): chưa cho thấy đã khắc phục
action-missed-again-help = chờ một cuộc diễn tập đo được là đạt; `ungpho action list` nêu kết quả từng cuộc
action-done-before = việc khắc phục #{ $number } được mở ngày { $opened }: không thể thực hiện từ ngày { $at }
action-done-before-help = nêu thời điểm sau khi mở, hoặc sửa thời điểm mở bằng `ungpho correct`
