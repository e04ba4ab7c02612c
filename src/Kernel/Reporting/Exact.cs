using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>Sums in SQL that are exact or fail: never a floating number, never a wrapped one.</summary>
/// <remarks>
/// PostgreSQL sums 64-bit integers as numeric, and the cast back throws when it does not fit. SQLite throws when a sum of
/// integers overflows, but its <c>+</c> quietly turns into a floating number; such a result is found by its type and made
/// to throw, since <c>abs</c> of the lowest integer is the one integer overflow that SQLite reports from an expression.
/// </remarks>
public static class Exact
{
    /// <summary>The sum of an expression over a group, zero for none.</summary>
    public static string Sum(Engine engine, string expression) => engine == Engine.Postgres
        ? $"coalesce(sum({expression}), 0)::bigint"
        : $"case when typeof(sum({expression})) = 'real' then abs(-9223372036854775807 - 1 + 0 * count(*)) else coalesce(sum({expression}), 0) end";

    /// <summary>The sum of two integer columns.</summary>
    public static string Add(Engine engine, string left, string right) => engine == Engine.Postgres
        ? $"{left} + {right}"
        : $"case when typeof({left} + {right}) = 'real' then abs(-9223372036854775807 - 1 + 0 * {right}) else {left} + {right} end";
}
