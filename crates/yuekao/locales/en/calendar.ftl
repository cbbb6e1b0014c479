### Working calendars, time limits and filing conditions

## What is wrong in a calendar
calendar-announced-backwards = announced_until is before announced_from.
calendar-bad-work-day = A working day cannot have { $minutes } minutes. Write 1 to 1440; eight hours are 480.
calendar-no-hours = There are no working hours. Write at least one [[hours]].
calendar-first-hours-late = The first working hours begin after announced_from: the days before have none. Give an earlier date.
calendar-hours-out-of-order = Working hours stand in the order of their dates, no date twice.
calendar-day-length-differs = The hours make { $minutes } minutes, but a working day counts { $day }. If that is not meant, change work_day_minutes.
calendar-no-slots = There is no working time. Write slots = ["08:00-12:00", "14:00-18:00"].
calendar-bad-slot = "{ $text }" is no stretch of working time.
calendar-expected-slot = two times of day such as "08:00-12:00", the second later, at most 24:00
calendar-slots-overlap = "{ $text }" overlaps the one before, or stands in the wrong order. Write them in the order of the day.
calendar-day-not-announced = This day does not lie between announced_from and announced_until. Change those dates with a new announcement.
calendar-day-twice = This day stands here already. Delete one of the rows.

## Why a deadline cannot be reckoned
deadline-no-time = The time limit is zero. Give at least 1.
deadline-too-far = This would end more than a hundred years later. Check the limit, its extensions and the dates of suspensions.
deadline-pause-backwards = The suspension ends at { $until }, before it begins at { $from }.
deadline-factor-too-small = Gross overrun begins at twice the limit or more; { $factor } is too small.

## What is wrong in a table of filing conditions
condition-twice = The id "{ $id }" is used already. Choose another.
condition-none = The table has no filing conditions.
condition-bad-code = "{ $text }" is no category code of four digits. In a spreadsheet, make the column text, so that leading zeros stay.
condition-bad-limit = "{ $text }" is no time limit. Write a whole number from 1 to { $longest }.
