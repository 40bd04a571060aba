"""numba where it is installed: a compiler for functions, and two of the processor's own instructions for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

Written = TypeVar("Written", bound=Callable[..., object])

# The population count, and a request for memory that is needed a little later. Compiled code only.
ones: Any = None
fetch: Any = None

try:
    from llvmlite import ir
    from numba import njit
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    COMPILED = True

    def compiled(function: Written) -> Written:
        # Compiling takes seconds, so what was compiled is kept beside the module.
        return cast("Written", njit(cache=True, nogil=True)(function))

    def _emit_ones(_context: Any, _builder: Any) -> Any:
        def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.ctpop(arguments[0])

        return types.uint64(types.uint64), emit

    def _emit_fetch(_context: Any, table: Any, row: Any, column: Any) -> Any:
        """Of the memory of table[row, column]."""

        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            item: Any = cgutils.get_item_pointer
            place = item(context, builder, signature.args[0], array, arguments[1:])
            address, number = ir.IntType(8).as_pointer(), ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [address, number, number, number])
            ask = builder.module.declare_intrinsic("llvm.prefetch", [address], kind)
            # To be read, kept in every cache, and no program.
            how = [ir.Constant(number, value) for value in (0, 3, 1)]
            builder.call(ask, [builder.bitcast(place, address), *how])
            return context.get_dummy_value()

        return types.void(table, row, column), emit

    ones, fetch = intrinsic(_emit_ones), intrinsic(_emit_fetch)
except ImportError:
    COMPILED = False

    def compiled(function: Written) -> Written:
        return function
