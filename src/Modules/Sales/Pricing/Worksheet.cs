using Plug1.Kernel;
using Plug1.Kernel.Catalog.Tax;
using Plug1.Kernel.Values;

namespace Plug1.Sales.Pricing;

/// <summary>The columns a calculation fills, step by step, in minor units; the steps are those of <see cref="Calculator"/>.</summary>
internal sealed class Worksheet
{
    private const int FewLines = 32;

    private readonly Basket basket;
    private readonly Currency currency;
    private readonly int count;
    private readonly long[] amounts;
    private readonly long[] manual;
    private readonly long[] promoted;
    private readonly long[] shared;
    private readonly long[] values;
    private readonly long[] nets;
    private readonly Money[][] taxes;
    private readonly List<TaxRow> table = [];
    private readonly CalculatedDiscount[] discounts;
    private List<PromotionAmount>? promotions;

    public Worksheet(Basket basket)
    {
        this.basket = basket;
        currency = basket.Currency;
        count = basket.Lines.Count;
        amounts = new long[count];
        manual = new long[count];
        promoted = new long[count];
        shared = new long[count];
        values = new long[count];
        nets = new long[count];
        taxes = new Money[count][];
        discounts = basket.Discounts.Count == 0 ? [] : new CalculatedDiscount[basket.Discounts.Count];
    }

    /// <summary>Steps 1 and 2: amount and manual discount of each line.</summary>
    public Refusal? PriceLines()
    {
        long sum = 0;
        for (var i = 0; i < count; i++)
        {
            var line = basket.Lines[i];
            taxes[i] = [];
            if (line.Kind == LineKind.Text) continue;
            if (line.Quantity.IsZero) return ValueRefusals.QuantityInvalid($"/lines/{i}/quantity");
            if (!line.PriceBaseQuantity.IsPositive) return ValueRefusals.QuantityInvalid($"/lines/{i}/priceBaseQuantity");
            if (line.Tax is null && line.Kind != LineKind.Voucher) return TaxRefusals.CodeMissing($"/lines/{i}/taxCodeId");
            if (Amount(line) is not { } amount) return ValueRefusals.AmountTooLarge($"/lines/{i}");
            sum += Math.Abs(amount);
            if (sum > ValueRefusals.GreatestMinor) return ValueRefusals.AmountTooLarge("/lines");

            amounts[i] = amount;
            if (Manual(line, amount, i) is { } refusal) return refusal;
            values[i] = amount - manual[i];
        }

        return null;
    }

    /// <summary>Steps 3 and 4: what promotions take off at one stage.</summary>
    public void Promote(PromotionStage stage)
    {
        if (basket.Promotions is not { } stages) return;
        foreach (var promotion in stages.At(stage, basket, values))
        {
            var amount = promotion.Amount.Minor;
            Invariant.Holds(promotion.Amount.Currency == currency && promotion.Stage == stage);
            Invariant.Holds(amount > 0 && amount <= values[promotion.Line], "A promotion takes no line below zero.");
            promoted[promotion.Line] += amount;
            values[promotion.Line] -= amount;
            (promotions ??= []).Add(promotion);
        }
    }

    /// <summary>Step 4: document discounts in order, each on what is left.</summary>
    public Refusal? DiscountDocument()
    {
        if (discounts.Length == 0) return null;
        Span<Int128> weights = count <= FewLines ? stackalloc Int128[count] : new Int128[count];
        Span<long> shares = count <= FewLines ? stackalloc long[count] : new long[count];
        for (var d = 0; d < discounts.Length; d++)
        {
            var discount = basket.Discounts[d];
            var at = $"/discounts/{d}";
            if (discount.Rate.IsNegative || discount.Rate > Rate.One) return PricingRefusals.DiscountExceedsLine(at + "/rate");
            if (discount.Amount is { } given)
            {
                if (given.Currency != currency) return ValueRefusals.CurrencyMismatch(at + "/amount", currency);
                if (given.IsNegative) return PricingRefusals.DiscountExceedsLine(at + "/amount");
            }

            if (!Scope(discount.Scope, weights, out var positive)) return PricingRefusals.DiscountScopeInvalid(at + "/scope");
            var wanted = Round((Int128)positive * discount.Rate.Millionths, Rate.One.Millionths) + (Int128)(discount.Amount?.Minor ?? 0);
            var taken = wanted > positive ? positive : (long)wanted;
            if (taken == 0) shares.Clear();
            else Split.Largest(taken, weights, shares);

            var parts = new Money[count];
            for (var i = 0; i < count; i++)
            {
                shared[i] += shares[i];
                values[i] -= shares[i];
                parts[i] = Of(shares[i]);
            }

            discounts[d] = new CalculatedDiscount(discount, Of(taken), parts);
        }

        return null;
    }

    /// <summary>Step 6: net and tax of the lines, tax code by tax code.</summary>
    public void Tax()
    {
        Span<bool> done = count <= FewLines ? stackalloc bool[count] : new bool[count];
        Span<int> members = count <= FewLines ? stackalloc int[count] : new int[count];
        for (var first = 0; first < count; first++)
        {
            if (done[first]) continue;
            if (SchemeOf(first) is not { } scheme)
            {
                nets[first] = values[first];
                continue;
            }

            var size = 0;
            for (var i = first; i < count; i++)
            {
                if (done[i] || SchemeOf(i) is not { } other || !scheme.IsSameAs(other)) continue;
                done[i] = true;
                members[size++] = i;
            }

            TaxCode(scheme, members[..size]);
        }
    }

    /// <summary>Step 7: the sums.</summary>
    public Calculation Finish()
    {
        var lines = new CalculatedLine[count];
        long amount = 0, discount = 0, net = 0, tax = 0;
        for (var i = 0; i < count; i++)
        {
            var lineTax = SumOf(taxes[i]);
            lines[i] = new CalculatedLine
            {
                Line = basket.Lines[i],
                Amount = Of(amounts[i]),
                Manual = Of(manual[i]),
                Promotion = Of(promoted[i]),
                DocumentDiscount = Of(shared[i]),
                Value = Of(values[i]),
                Net = Of(nets[i]),
                NetBeforeDiscounts = Of(NetBeforeDiscounts(i)),
                Taxes = taxes[i],
                Tax = Of(lineTax),
            };
            amount += amounts[i];
            discount += amounts[i] - values[i];
            net += nets[i];
            tax += lineTax;
        }

        return new Calculation
        {
            Basket = basket,
            Lines = lines,
            Discounts = discounts,
            Promotions = promotions ?? (IReadOnlyList<PromotionAmount>)[],
            TaxTable = table,
            Amount = Of(amount),
            Discount = Of(discount),
            Net = Of(net),
            Tax = Of(tax),
            Prepaid = basket.Prepaid ?? Of(0),
            Rounding = Of(0),
        };
    }

    private static long Round(Int128 numerator, Int128 denominator) =>
        Rounding.DivideToLong(numerator, denominator, Rounding.HalfAwayFromZero);

    private static long SumOf(Money[] amounts)
    {
        long sum = 0;
        foreach (var amount in amounts) sum += amount.Minor;
        return sum;
    }

    /// <summary>The amount of a line, or null when it is too large to count with.</summary>
    private long? Amount(BasketLine line)
    {
        // Checked before dividing: the quotient may not fit 64 bits.
        var product = (Int128)line.Quantity.Millionths * line.UnitPrice.Millionths;
        var scale = (Int128)line.PriceBaseQuantity.Millionths * MinorsInMillionths();
        var quotient = product / scale;
        return quotient > ValueRefusals.GreatestMinor || quotient < -ValueRefusals.GreatestMinor
            ? null
            : Money.Of(line.Quantity, line.UnitPrice, currency, line.PriceBaseQuantity).Minor;
    }

    private long MinorsInMillionths()
    {
        long millionths = 1_000_000;
        for (var i = 0; i < currency.Exponent; i++) millionths /= 10;
        return millionths;
    }

    private Refusal? Manual(BasketLine line, long amount, int i)
    {
        if (line.ManualRate.IsZero && line.ManualAmount is null) return null;
        if (line.ManualRate.IsNegative || line.ManualRate > Rate.One) return PricingRefusals.DiscountExceedsLine($"/lines/{i}/manualRate");
        if (line.ManualAmount is { } given && given.Currency != currency)
            return ValueRefusals.CurrencyMismatch($"/lines/{i}/manualAmount", currency);

        Int128 byAmount = line.ManualAmount?.Minor ?? 0;
        var taken = Round((Int128)amount * line.ManualRate.Millionths, Rate.One.Millionths) + byAmount;
        var opposite = amount < 0 ? byAmount > 0 : byAmount < 0;
        if (opposite || Int128.Abs(taken) > Math.Abs(amount)) return PricingRefusals.DiscountExceedsLine($"/lines/{i}/manualAmount");
        manual[i] = (long)taken;
        return null;
    }

    /// <summary>Gives every positive line in scope its value as weight, all others none.</summary>
    private bool Scope(DiscountScope scope, Span<Int128> weights, out long positive)
    {
        positive = 0;
        weights.Clear();
        if (scope.Lines is { } named)
        {
            foreach (var i in named)
            {
                if (i < 0 || i >= count || basket.Lines[i].Kind is LineKind.Text or LineKind.Voucher || weights[i] != 0) return false;
                weights[i] = Math.Max(0, values[i]);
                positive += Math.Max(0, values[i]);
            }

            return true;
        }

        for (var i = 0; i < count; i++)
        {
            var line = basket.Lines[i];
            if (line.Kind != LineKind.Item || values[i] <= 0 || (scope.TaxCode is { } code && line.Tax!.Code != code)) continue;
            weights[i] = values[i];
            positive += values[i];
        }

        return true;
    }

    private TaxScheme? SchemeOf(int i) => basket.Lines[i].Kind is LineKind.Text or LineKind.Voucher ? null : basket.Lines[i].Tax;

    private void TaxCode(TaxScheme scheme, ReadOnlySpan<int> members)
    {
        var components = scheme.Components.Count;
        var size = members.Length;
        Span<long> ownValues = size <= FewLines ? stackalloc long[size] : new long[size];
        Span<long> ownNets = size <= FewLines ? stackalloc long[size] : new long[size];
        Span<long> ownTaxes = size * components <= FewLines ? stackalloc long[size * components] : new long[size * components];
        for (var i = 0; i < size; i++) ownValues[i] = values[members[i]];
        TaxCalculation.Lines(scheme, basket.Basis, basket.TaxRounding, ownValues, ownNets, ownTaxes);

        var totals = components == 0 ? [] : new long[components];
        long net = 0;
        for (var i = 0; i < size; i++)
        {
            nets[members[i]] = ownNets[i];
            net += ownNets[i];
            var parts = components == 0 ? [] : new Money[components];
            for (var k = 0; k < components; k++)
            {
                var part = ownTaxes[(i * components) + k];
                parts[k] = Of(part);
                totals[k] += part;
            }

            taxes[members[i]] = parts;
        }

        table.Add(Row(scheme, net, totals));
    }

    private TaxRow Row(TaxScheme scheme, long net, long[] totals)
    {
        var rows = totals.Length == 0 ? [] : new ComponentTax[totals.Length];
        long before = 0;
        for (var k = 0; k < totals.Length; k++)
        {
            var component = scheme.Components[k];
            rows[k] = new ComponentTax(component, Of(component.Compound ? net + before : net), Of(totals[k]));
            before += totals[k];
        }

        return new TaxRow(scheme, Of(net), Of(before), rows);
    }

    private long NetBeforeDiscounts(int i) =>
        amounts[i] == values[i] ? nets[i]
        : basket.Basis == TaxBasis.Gross && SchemeOf(i) is { } scheme ? scheme.NetOf(amounts[i])
        : amounts[i];

    private Money Of(long minor) => new(minor, currency);
}
