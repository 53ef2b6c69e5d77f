# SPDX-License-Identifier: GPL-2.0-only
#
# Judges one test's TAP. Given -v status=EXIT_STATUS, -v left=WHICH if it left processes behind,
# -v missing=MESSAGE if a command of its script does not exist and -v hangs=FILE that tells where
# it was when its time was up, prints "PASSED FAILED SKIPPED" and then, as people should read
# them, the points that failed and those skipped or known to fail.
#
# A point may carry "# SKIP reason" or "# KNOWN reason" (a failure that is understood
# and not ours to mend; when such a point passes, that is a failure of the test).
# Plans are summed up, because cmocka prints one per group. A test whose plan is not
# kept, or that ends badly although all its points passed, has failed once more.

function point(text)
{
	printing = 1
	report = report text "\n"
}

function fail(text)
{
	failed++
	point(text)
}

/^1\.\.[0-9]+/ {
	planned += substr($1, 4)
	next
}

/^(not )?ok / {
	points++
	printing = 0
	if (/# SKIP/) {
		skipped++
		point($0)
	} else if (/^not ok .*# KNOWN/) {
		skipped++
		point($0)
	} else if (/^ok .*# KNOWN/) {
		fail($0 ": passed, but is said to fail")
	} else if (/^not ok/) {
		fail($0)
	} else {
		passed++
	}
	next
}

/^#/ && printing {
	report = report $0 "\n"
}

END {
	if (status == 124 || status == 137) {
		fail("timeout")
		while ((getline line <hangs) > 0)
			report = report "# " line "\n"
	} else if (points != planned)
		fail("planned " planned + 0 " points, saw " points + 0 ", exit status " status)
	else if (points == 0)
		fail("no points, exit status " status)
	else if (status != 0 && failed == 0)
		fail("every point passed, but the exit status is " status)
	else if (missing)
		fail("a command is missing: " missing)
	else if (left)
		fail("left a process behind: " left)
	print passed + 0, failed + 0, skipped + 0
	printf "%s", report
}
