"""Debian's jupyter_kernel_test against the kernel named in TENSORCELL_KERNEL: all twelve cases."""

import os
import unittest

import jupyter_kernel_test


class TensorCellKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ["TENSORCELL_KERNEL"]
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"

    completion_samples = [
        {"text": "'text'.trimS", "matches": {"trimStart"}},
        {"text": "Math.cos", "matches": {"cos", "cosh"}},
        {"text": "const a𝒳 = 'é𝒳'.codePoint", "matches": {"codePointAt"}},
    ]

    complete_code_samples = ["1", "const a = 1", "function f(n: number): number {\n  return n * 2\n}"]
    incomplete_code_samples = ["function f() {", "const a = [1,", "`open"]
    invalid_code_samples = ["const = 1", "1 +* 2"]

    code_page_something = "Math.max?"

    code_generate_error = "throw new RangeError('no')"

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "1 + 1n.toString().length", "result": "2"},
        {"code": "await Promise.resolve(2 ** 10)", "result": "1024"},
    ]
    code_display_data = [
        {"code": "display.html('<b>bold</b>')", "mime": "text/html"},
        {"code": "display.markdown('**bold**')", "mime": "text/markdown"},
    ]

    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")

    code_inspect_sample = "Math.max"
    code_clear_output = "clearOutput()"


if __name__ == "__main__":
    unittest.main(verbosity=2)
