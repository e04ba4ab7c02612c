using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PointOfSale;

/// <summary>A basket put aside.</summary>
public sealed record ParkedBasket(Guid Id, string Label, string Terminal, string ParkedBy, DateTimeOffset ParkedAt, int Lines, string Total, BasketRequest? Basket = null);

/// <summary>Puts baskets aside and takes them back: a draft that expires after a day.</summary>
internal sealed class Parking(CommandRunner runner, Database database, Checkout checkout, OrganisationBook organisation)
{
    /// <summary>Keeps a basket as a draft.</summary>
    public Task<Result<Answer>> Park(CommandCall call, BasketRequest request, CancellationToken ct = default) =>
        runner.Run(call, PointOfSaleFunction.FunctionCode, "create", 201, async (tx, stamp) =>
        {
            var priced = await checkout.Price(stamp, request, ct);
            if (priced.Refusal is { } no) return no;
            var header = Header.Draft(request.Id ?? Ids.New(runner.Clock), PointOfSaleFunction.FunctionCode, "sale", stamp, priced.Value.Currency.Code);
            header.Total = priced.Value.Calculation.Total.Minor;
            header.PartyId = request.CustomerId;
            var label = string.IsNullOrWhiteSpace(request.Label) ? stamp.Actor.Name : request.Label.Trim();
            Headers.Insert(tx, header);
            Sales.InsertParked(tx, header.Id, priced.Value.Terminal.Id, priced.Value.Terminal.Basis, Short(label), JsonSerializer.Serialize(request with { Tenders = null, Approval = null, ExpectedTotal = null }, runner.Json), request.Lines.Count);
            if (request.ParkedId is { } earlier && (await Sales.TakeUp(tx, earlier, header.Id, stamp, ct)).Refusal is { } gone) return gone;
            AuditTrail.Stage(tx, new AuditEvent(stamp, PointOfSaleFunction.FunctionCode, "park", "sale", header.Id, After: Snapshots.Of(new { label, lines = request.Lines.Count })), runner.Clock);
            return Result.Of(new ParkedBasket(header.Id, label, priced.Value.Terminal.Code, stamp.Actor.Name, stamp.At, request.Lines.Count, priced.Value.Calculation.Total.ToString()));
        }, ct);

    /// <summary>At most 60 characters, none of them cut in two.</summary>
    private static string Short(string label) =>
        label.Length <= 60 ? label : label[..(char.IsHighSurrogate(label[59]) ? 59 : 60)];

    /// <summary>Baskets parked at a terminal, or in the branch, within the last day.</summary>
    public async Task<IReadOnlyList<ParkedBasket>> List(Stamp stamp, string? terminal, CancellationToken ct = default)
    {
        var view = await organisation.Get(ct);
        var at = terminal is null ? null : view.FindTerminal(terminal);
        Sql only = at is null ? Sql.Raw("") : $" and s.terminal_id = {at.Id}";
        return await database.Read(db => db.Query($"""
            select d.id, coalesce(s.parked_label, ''), t.code, coalesce(u.name, ''), d.created_at, s.line_count, d.total
            from document d join pos_sale s on s.document_id = d.id join terminal t on t.id = s.terminal_id left join app_user u on u.id = d.created_by
            where d.function = {PointOfSaleFunction.FunctionCode} and d.status = 'draft' and d.business_date >= {stamp.BusinessDate.AddDays(-2)} and d.created_at > {stamp.At - Limits.Parked}
              and d.branch_id = {stamp.BranchId}{only}
            order by d.created_at desc limit 200
            """, row => new ParkedBasket(row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Instant(4), row.Int(5), new Money(row.Long(6), view.Company.Currency).ToString()), ct), ct);
    }

    /// <summary>Takes a basket back to the till: it is parked no more, so two tills cannot both have it.</summary>
    public Task<Result<Answer>> Resume(CommandCall call, Guid id, CancellationToken ct = default) =>
        runner.Run(call, PointOfSaleFunction.FunctionCode, "create", 200, async (tx, stamp) =>
        {
            var locked = await Headers.Lock(tx, PointOfSaleFunction.FunctionCode, id, null, ct);
            if (locked.Refusal is { } no) return no;
            var header = locked.Value;
            if (header.Status != Status.Draft || header.BranchId != stamp.BranchId || header.CreatedAt < stamp.At - Limits.Parked) return Refusals.NotParked;
            var kept = await tx.First($"select s.basket, s.parked_label, t.code from pos_sale s join terminal t on t.id = s.terminal_id where s.document_id = {id}", row => (Basket: row.TextOrNull(0), Label: row.TextOrNull(1), Terminal: row.Text(2)), ct);
            if (kept.Basket is null) return Refusals.NotParked;
            header.MoveTo(Status.Cancelled, stamp);
            header.Edit(stamp);
            Headers.Update(tx, header);
            AuditTrail.Stage(tx, new AuditEvent(stamp, PointOfSaleFunction.FunctionCode, "resume", "sale", id, After: Snapshots.Of(new { kept.Label })), runner.Clock);
            var basket = JsonSerializer.Deserialize<BasketRequest>(kept.Basket, runner.Json)!;
            return Result.Of(new ParkedBasket(id, kept.Label ?? "", kept.Terminal, stamp.Actor.Name, header.CreatedAt, basket.Lines.Count, new Money(header.Total, (await organisation.Get(ct)).Company.Currency).ToString(), basket with { Id = null }));
        }, ct);
}
