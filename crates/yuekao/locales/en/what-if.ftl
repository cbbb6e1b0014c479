### What-if

what-if-stamp = What-if, not for publication
what-if-refused-before = Refused under the rules as they were: { $why }
what-if-refused-after = Refused under the draft: { $why }
what-if-first = First: { $before } → { $after }
what-if-last = Last: { $before } → { $after }
what-if-unit = Unit
what-if-place = Place
what-if-score = Score
what-if-moved = Change
what-if-up = up { $count }
what-if-down = down { $count }
what-if-now-ranked = now ranked
what-if-no-more-ranked = no more ranked
what-if-money = Money (all months together; rewards above zero, charges below, draws on deposits included)
what-if-before = As it was
what-if-after = Draft
what-if-difference = Difference
what-if-total = Together
what-if-silent = Rules of the draft that had no effect in any month:
what-if-none = none
silent-clause = clause "{ $id }" of the item "{ $of }"
silent-escalation = escalation "{ $id }" of the item "{ $of }"
silent-item-veto = veto "{ $id }" of the item "{ $of }"
silent-ranking-veto = veto "{ $id }" of the ranking "{ $of }"
silent-award = award "{ $of }"
