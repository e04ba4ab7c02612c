using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Plug1.Kernel.Reporting;

/// <summary>The row after which a page of a report begins, by what the rows are ordered by; one of another order is refused.</summary>
internal static class ReportCursor
{
    /// <summary>Writes it as an opaque text.</summary>
    /// <param name="order">Names the order, such as the report with its groups.</param>
    /// <param name="values">Values of the row: days, integers, texts.</param>
    public static string Write(string order, IEnumerable<object> values) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { order }.Concat(values.Select(Text)).ToArray()));

    /// <summary>Reads it; null when it is none, or of another order.</summary>
    public static IReadOnlyList<object>? Read(string order, string cursor)
    {
        try
        {
            var parts = JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(cursor));
            return parts is [var of, .. var values] && of == order && values.All(value => value.Length > 0) ? [.. values.Select(Value)] : null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException or ArgumentException or DecoderFallbackException or OverflowException)
        {
            return null;
        }
    }

    private static string Text(object value) => value switch
    {
        DateOnly day => day.ToString("'d'yyyy-MM-dd", CultureInfo.InvariantCulture),
        long number => string.Create(CultureInfo.InvariantCulture, $"n{number}"),
        _ => $"t{value}",
    };

    private static object Value(string text) => text[0] switch
    {
        'd' => DateOnly.ParseExact(text[1..], "yyyy-MM-dd", CultureInfo.InvariantCulture),
        'n' => long.Parse(text[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        't' => text[1..],
        _ => throw new FormatException("A cursor's value has no type."),
    };
}
