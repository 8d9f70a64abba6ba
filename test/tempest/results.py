#!/usr/bin/python3
"""Reads a subunit stream and writes a line of JSON for each test as it ends: {"id", "state", "reason", "began", "ended"}.

The ids `setUpClass (CLASS)` and `tearDownClass (CLASS)` stand for what a class does before and after its tests. Times are
seconds since the epoch. Debian's Python has the parser of the format, which nothing on npm has.
"""
import json
import re
import sys

import subunit.v2
import testtools

STATES = {'success': 'passed', 'xfail': 'passed', 'fail': 'failed', 'uxsuccess': 'failed', 'skip': 'skipped'}
RAISED = re.compile(r'(tempest\.|testtools\.|[A-Za-z.]+(Error|Exception|Mismatch|Fault)\b)')


def reason(details):
    """What a person looks for in a traceback: the exception and the lines that belong to it."""
    text = ''.join(detail.as_text() for name, detail in details.items() if name.startswith(('traceback', 'reason')))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for i, line in enumerate(lines):
        if RAISED.match(line):
            return ' '.join(lines[i:i + 3])
    return lines[-1] if lines else ''


def write(case):
    if case['status'] not in STATES:
        return
    began, ended = (time.timestamp() if time else None for time in case['timestamps'])
    line = {
        'id': case['id'],
        'state': STATES[case['status']],
        'reason': reason(case['details'] or {})[:500],
        'began': began,
        'ended': ended,
    }
    print(json.dumps(line), flush=True)


result = testtools.StreamToDict(write)
result.startTestRun()
subunit.ByteStreamToStreamResult(sys.stdin.buffer, non_subunit_name='stdout').run(result)
result.stopTestRun()
