using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plug1.Kernel.Values;

/// <summary>A value that is a string in JSON. A JSON number is refused: readers of JSON may make a floating number of it.</summary>
/// <typeparam name="T">The value.</typeparam>
public abstract class TextJsonConverter<T> : JsonConverter<T>
{
    /// <inheritdoc/>
    public sealed override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException($"A {typeToConvert.Name} is a string in JSON.");
        return FromText(reader.GetString());
    }

    /// <inheritdoc/>
    public sealed override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToText(value));

    /// <inheritdoc/>
    public sealed override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        FromText(reader.GetString());

    /// <inheritdoc/>
    public sealed override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(ToText(value));

    /// <summary>Reads the text, if it is one.</summary>
    protected abstract bool TryRead(string? text, out T value);

    /// <summary>Writes the value.</summary>
    protected virtual string ToText(T value) => value!.ToString()!;

    private T FromText(string? text) =>
        TryRead(text, out var value) ? value : throw new JsonException($"'{text}' is no {typeof(T).Name}.");
}

/// <summary>A <see cref="Quantity"/> as a decimal string.</summary>
public sealed class QuantityJsonConverter : TextJsonConverter<Quantity>
{
    /// <inheritdoc/>
    protected override bool TryRead(string? text, out Quantity value) => Quantity.TryParse(text, out value);
}

/// <summary>A <see cref="UnitPrice"/> as a decimal string.</summary>
public sealed class UnitPriceJsonConverter : TextJsonConverter<UnitPrice>
{
    /// <inheritdoc/>
    protected override bool TryRead(string? text, out UnitPrice value) => UnitPrice.TryParse(text, out value);
}

/// <summary>A <see cref="Rate"/> as a decimal string.</summary>
public sealed class RateJsonConverter : TextJsonConverter<Rate>
{
    /// <inheritdoc/>
    protected override bool TryRead(string? text, out Rate value) => Rate.TryParse(text, out value);
}

/// <summary>An <see cref="ExchangeRate"/> as a decimal string.</summary>
public sealed class ExchangeRateJsonConverter : TextJsonConverter<ExchangeRate>
{
    /// <inheritdoc/>
    protected override bool TryRead(string? text, out ExchangeRate value) => ExchangeRate.TryParse(text, out value);
}

/// <summary>An <see cref="Id{T}"/> as its text.</summary>
public sealed class IdJsonConverterFactory : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Id<>);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : TextJsonConverter<Id<T>>
    {
        protected override bool TryRead(string? text, out Id<T> value) => Id<T>.TryParse(text, out value);
    }
}
