#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# See hostile.py.
: "${YUMEN:?}" "${SOURCE:?}"
exec python3 "$SOURCE/tests/system/hostile.py"
