using System.Diagnostics.CodeAnalysis;

namespace Plug1.Kernel;

/// <summary>A reason to say no that the user can act on.</summary>
/// <param name="Code">Stable code in capitals, unique over all modules, such as <c>POS_PAYMENT_MISMATCH</c>.</param>
/// <param name="Message">One sentence for the user, in English.</param>
/// <param name="At">JSON pointer into the request, such as <c>/payments/0/amount</c>, when one field is to blame.</param>
/// <param name="Status">HTTP status that an endpoint answers with.</param>
/// <param name="Detail">Further members of the problem details, such as what is available.</param>
public sealed record Refusal(
    string Code,
    string Message,
    string? At = null,
    int Status = 422,
    IReadOnlyDictionary<string, object?>? Detail = null);

/// <summary>The outcome of something that may be refused and yields nothing else.</summary>
public readonly record struct Result
{
    private Result(Refusal? refusal) => Refusal = refusal;

    /// <summary>It may go on; it was done.</summary>
    public static Result Done => default;

    /// <summary>Why not; null when it was done.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True when there is a <see cref="Refusal"/>.</summary>
    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool IsRefused => Refusal is not null;

    /// <summary>A result that says no.</summary>
    public static implicit operator Result(Refusal refusal) => new(refusal);

    /// <summary>A result with a value; for interface types, from which C# has no implicit conversion.</summary>
    public static Result<T> Of<T>(T value) => Result<T>.From(value);

    /// <inheritdoc/>
    public override string ToString() => Refusal is { } no ? $"{no.Code}: {no.Message}" : "done";
}

/// <summary>A value, or the reason why there is none.</summary>
/// <typeparam name="T">What is answered when it is not refused.</typeparam>
public readonly record struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Refusal? refusal)
    {
        this.value = value;
        Refusal = refusal;
    }

    /// <summary>Why not; null when there is a value.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True when there is a <see cref="Refusal"/>.</summary>
    [MemberNotNullWhen(true, nameof(Refusal))]
    public bool IsRefused => Refusal is not null;

    /// <summary>The value.</summary>
    /// <exception cref="InvariantBrokenException">It was refused, and the caller did not look.</exception>
    public T Value
    {
        get
        {
            if (Refusal is { } no) throw new InvariantBrokenException($"The value of a refused result was read ({no.Code}: {no.Message})");
            return value!;
        }
    }

    /// <summary>A result that has a value.</summary>
    public static implicit operator Result<T>(T value) => new(value, refusal: null);

    /// <summary>A result that says no.</summary>
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);

    /// <summary>The same without the value.</summary>
    public static implicit operator Result(Result<T> result) => result.Refusal is { } no ? no : Result.Done;

    /// <inheritdoc/>
    public override string ToString() => Refusal is { } no ? $"{no.Code}: {no.Message}" : $"{value}";

    internal static Result<T> From(T value) => new(value, refusal: null);
}
