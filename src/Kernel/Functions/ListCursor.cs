using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Functions;

/// <summary>The place after which a page of a list begins: the order, the last row's value in it and the last row's id.</summary>
/// <param name="Sort">The order, such as <c>-businessDate</c>; a cursor of another order is refused.</param>
/// <param name="Value">The value as text.</param>
/// <param name="Id">The row's id.</param>
internal sealed record ListCursor(string Sort, string Value, Guid Id)
{
    /// <summary>Writes it as an opaque text.</summary>
    public string ToText() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { Sort, Value, Id.ToString("D") }));

    /// <summary>Reads it; null when it is none, or of another order.</summary>
    public static ListCursor? Parse(string text, string sort)
    {
        try
        {
            var parts = JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(text));
            return parts is [var order, var value, var id] && order == sort && Guid.TryParse(id, out var guid) ? new ListCursor(order, value, guid) : null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException or ArgumentException or DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>A sort value as text, exact both ways.</summary>
    public static string Write(object value) => value switch
    {
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset at => at.UtcDateTime.ToString(Dialect.InstantFormat, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    /// <summary>The value again, of the column's type; null when it is not of that type.</summary>
    public object? Read(string type) => type switch
    {
        "date" => DateOnly.TryParseExact(Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null,
        "instant" => DateTimeOffset.TryParse(Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
        "integer" or "money" or "quantity" or "price" or "rate" or "number" =>
            long.TryParse(Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        "boolean" => bool.TryParse(Value, out var flag) ? flag : null,
        _ => Value,
    };
}
