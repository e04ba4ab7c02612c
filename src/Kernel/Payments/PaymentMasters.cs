using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Payments;

/// <summary>What is entered of a payment method. Amounts are decimals of the company's currency.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Type">cash, card, voucher, points, account, bank, mobile or other.</param>
/// <param name="RoundingStep">Smallest amount of cash there is, such as <c>0.05</c>; null for none.</param>
/// <param name="RoundingMode">half (away from zero), down or up.</param>
/// <param name="NeedsReference">Whether each payment needs a reference.</param>
/// <param name="OverTender">Whether more may be given than is due, against change.</param>
/// <param name="RefundPriority">Refunds go to the lowest first.</param>
/// <param name="MaxAmount">The most that one payment takes; null for no limit.</param>
/// <param name="Offline">Whether it can be taken while the till is offline.</param>
/// <param name="Active">Whether it is in use.</param>
public sealed record PaymentMethodWrite(
    string Code, string Name, PaymentType Type, string? RoundingStep = null, string RoundingMode = "half", bool NeedsReference = false, bool OverTender = false,
    int RefundPriority = 100, string? MaxAmount = null, bool Offline = true, bool Active = true);

/// <summary>A payment method as the API tells it.</summary>
public sealed record PaymentMethodView(
    string Code, string Name, PaymentType Type, string? RoundingStep, string RoundingMode, bool NeedsReference, bool OverTender, int RefundPriority, string? MaxAmount,
    bool Offline, bool Active, long Version);

/// <summary>The notes and coins of a currency, as decimals, the greatest first.</summary>
public sealed record DenominationsView(string Currency, IReadOnlyList<string> Values);

/// <summary>What is entered of notes and coins: all of them.</summary>
public sealed record DenominationsWrite(IReadOnlyList<string> Values);

/// <summary>Payment methods, known by their code; they belong to the catalogue that tills keep.</summary>
public sealed class PaymentMethodMaster(CatalogueBook book) : Master<PaymentMethodView, PaymentMethodWrite>
{
    private const string Columns =
        "select code, name, type, rounding_step, rounding_mode, needs_reference, over_tender, refund_priority, max_amount, offline, active, version, (select exponent from company) from payment_method";

    /// <inheritdoc/>
    public override string Function => "kernel.payments";

    /// <inheritdoc/>
    public override string Thing => "payment-method";

    /// <inheritdoc/>
    public override void Touch(Tx tx) => book.Touch(tx);

    /// <inheritdoc/>
    public override Task<PaymentMethodView?> Find(Db db, string id, bool locked, CancellationToken ct) =>
        db.First($"{Sql.Raw(Columns)} where code = {id}{Lock(db, locked)}", row => Read(row), ct);

    /// <inheritdoc/>
    public override async Task<MasterPage<PaymentMethodView>> List(Db db, MasterQuery query, CancellationToken ct) =>
        PageOf(await db.Query(Sql.Raw(Columns), row => Read(row), ct), query, row => row.Code, row => $"{row.Code} {row.Name}", row => row.Active);

    /// <inheritdoc/>
    public override (string Id, Guid? Object, long Version) KeyOf(PaymentMethodView view) => (view.Code, null, view.Version);

    /// <inheritdoc/>
    public override PaymentMethodWrite WriteOf(PaymentMethodView view) => new(
        view.Code, view.Name, view.Type, view.RoundingStep, view.RoundingMode, view.NeedsReference, view.OverTender, view.RefundPriority, view.MaxAmount, view.Offline, view.Active);

    /// <inheritdoc/>
    public override async Task<Result<PaymentMethodView>> Insert(Tx tx, PaymentMethodWrite write, Stamp stamp, CancellationToken ct)
    {
        var amounts = await Checked(tx, write, ct);
        if (amounts.IsRefused) return amounts.Refusal;
        if (await tx.Number($"select count(*) from payment_method where code = {write.Code}", ct) > 0) return MasterRefusals.CodeTaken("/code");
        tx.Stage($"""
            insert into payment_method (code, name, type, rounding_step, rounding_mode, needs_reference, over_tender, refund_priority, max_amount, offline, active)
            values ({write.Code}, {write.Name}, {write.Type.Word()}, {amounts.Value.Step}, {write.RoundingMode}, {write.NeedsReference}, {write.OverTender},
              {write.RefundPriority}, {amounts.Value.Most}, {write.Offline}, {write.Active})
            """);
        return (await Find(tx, write.Code, false, ct))!;
    }

    /// <inheritdoc/>
    public override async Task<Result<PaymentMethodView>> Change(Tx tx, PaymentMethodView before, PaymentMethodWrite write, Stamp stamp, CancellationToken ct)
    {
        var amounts = await Checked(tx, write, ct);
        if (amounts.IsRefused) return amounts.Refusal;
        if (write.Code != before.Code) return MasterRefusals.CodeFixed;
        tx.Stage($"""
            update payment_method set name = {write.Name}, type = {write.Type.Word()}, rounding_step = {amounts.Value.Step}, rounding_mode = {write.RoundingMode},
              needs_reference = {write.NeedsReference}, over_tender = {write.OverTender}, refund_priority = {write.RefundPriority}, max_amount = {amounts.Value.Most},
              offline = {write.Offline}, active = {write.Active}, version = version + 1
            where code = {before.Code}
            """);
        return (await Find(tx, before.Code, false, ct))!;
    }

    /// <summary>The notes and coins of every currency.</summary>
    public static async Task<Result<MasterPage<DenominationsView>>> Denominations(Db db, CancellationToken ct) => new MasterPage<DenominationsView>(
        [.. (await db.Query($"select currency, value from denomination order by currency, value desc", row => (Currency: row.Text(0), Value: row.Long(1)), ct))
            .GroupBy(row => row.Currency).Select(group => new DenominationsView(
                group.Key, [.. group.Select(row => Check.Amount(row.Value, Currencies.TryOf(group.Key, out var known) ? known.Exponent : 2)!)]))]);

    /// <summary>Sets the notes and coins of a currency.</summary>
    public async Task<Result<DenominationsView>> SetDenominations(Tx tx, MasterDesk desk, string code, DenominationsWrite write, Stamp stamp, CancellationToken ct)
    {
        if (!Currencies.TryOf(code, out var currency)) return MasterRefusals.CurrencyUnknown;
        if (Check.Between(write.Values.Count, 0, 60, "/values", "between 0 and 60") is { } no) return no;
        var values = new SortedSet<long>();
        for (var at = 0; at < write.Values.Count; at++)
        {
            if (!Check.TryAmount(write.Values[at], currency.Exponent, out var value) || value is not > 0 || !values.Add(value.Value))
                return MasterRefusals.NumberOutOfRange($"/values/{at}", $"above zero, with at most {currency.Exponent} decimals, and is given once");
        }

        Touch(tx);
        var before = await tx.Query($"select value from denomination where currency = {code} order by value desc", row => Check.Amount(row.Long(0), currency.Exponent)!, ct);
        tx.Stage($"delete from denomination where currency = {code}");
        foreach (var value in values) tx.Stage($"insert into denomination (currency, value) values ({code}, {value})");
        var after = new DenominationsView(code, [.. values.Reverse().Select(value => Check.Amount(value, currency.Exponent)!)]);
        desk.Audit(tx, Function, "configure", "denominations", null, new DenominationsView(code, before), after, stamp);
        return after;
    }

    private static async Task<Result<(long? Step, long? Most)>> Checked(Tx tx, PaymentMethodWrite method, CancellationToken ct)
    {
        if (Check.First(Check.Code(method.Code), Check.Text(method.Name, "/name"), Check.OneOf(method.RoundingMode, "/roundingMode", "half", "down", "up"),
            Check.Between(method.RefundPriority, 0, 1_000_000, "/refundPriority", "between 0 and 1000000")) is { } no) return no;
        var exponent = (int)await tx.Number($"select exponent from company", ct);
        if (!Check.TryAmount(method.RoundingStep, exponent, out var step) || step is < 1)
            return MasterRefusals.NumberOutOfRange("/roundingStep", $"above zero, with at most {exponent} decimals");
        if (!Check.TryAmount(method.MaxAmount, exponent, out var most) || most is < 1)
            return MasterRefusals.NumberOutOfRange("/maxAmount", $"above zero, with at most {exponent} decimals");
        return step is not null && method.Type != PaymentType.Cash ? MasterRefusals.RoundingOnlyCash : (step, most);
    }

    private static PaymentMethodView Read(Row row)
    {
        var exponent = row.IsNull(12) ? 2 : row.Int(12);
        return new PaymentMethodView(
            row.Text(0), row.Text(1), Words.Read<PaymentType>(row.Text(2)), Check.Amount(row.LongOrNull(3), exponent), row.Text(4), row.Bool(5), row.Bool(6), row.Int(7),
            Check.Amount(row.LongOrNull(8), exponent), row.Bool(9), row.Bool(10), row.Long(11));
    }
}
