# Văn bản để ký: biên bản, thông báo. / Documents to be signed.

document-day = ngày { $day } tháng { $month } năm { $year }
document-place-day = { $place }, { $day }
