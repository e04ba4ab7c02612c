namespace Plug1.Kernel.Values;

/// <summary>A currency by its ISO 4217 code, with the number of decimals of its minor unit.</summary>
/// <param name="Code">Three capital letters, such as <c>EUR</c>.</param>
/// <param name="Exponent">Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.</param>
public readonly record struct Currency(string Code, int Exponent)
{
    /// <inheritdoc/>
    public override string ToString() => Code;
}
