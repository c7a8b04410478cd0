# Documents to be signed: minutes, notices.

document-day = { $day }/{ $month }/{ $year }
document-place-day = { $place }, { $day }
