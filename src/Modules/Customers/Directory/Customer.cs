using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Parties;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>A customer: the record beside the party of the same id, which stands in the address book from the moment at which the record is active.</summary>
/// <remarks>Invariants: active is posted, retired is closed; the party has the name, first contacts, card, tax identifier and price list of the record; a change is a new version and a document of its own.</remarks>
internal sealed class Customer(Header header, CustomerRow row, DirectoryFunction function) : Document(header)
{
    public const string Kind = "customer";

    public CustomerData Data => row.Data;

    public CustomerRow Row => row;

    public override bool PostsWhenApproved => true;

    public override string Snapshot => CustomerText.Of(Header, row.Data);

    public override Task<Result> MaySubmit(Tx tx, Stamp stamp, CancellationToken ct) => CustomerRules.MayTake(tx, Header.Id, row.Data, ct);

    /// <summary>Gives the number, makes the party and takes the identifiers.</summary>
    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        // Asked again: between handing in and approving another may have taken the card.
        if (await CustomerRules.MayTake(tx, Header.Id, row.Data, ct) is { IsRefused: true } no) return no;
        var branch = (await function.Organisation.Get(ct)).Branch(Header.BranchId);
        Header.Number ??= await Numbers.Draw(tx, $"{Header.Function}/customer/{branch.Code}", $"C-{branch.Code}-", ct: ct);
        var made = await function.Parties.Create(tx, row.Data.Over(new PartyDraft(row.Data.Kind, row.Data.Name, PartyRoles.Customer, Header.Number)), stamp, Header.Id, ct);
        if (made.IsRefused) return CustomerRules.InOurWords(made.Refusal);
        CustomerTables.Write(tx, Header.Id, row, held: true);
        CustomerTables.WriteWords(tx, Header.Id, row.Data);
        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, D1 = row.Data.Source, D2 = row.Data.GroupId?.ToString("D") });
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(DirectoryRefusals.NotReversed);

    /// <summary>Retired, nothing new is agreed with the party; taken up again, it is as before.</summary>
    public override async Task<Result> MayMove(string verb, Tx tx, Stamp stamp, CancellationToken ct)
    {
        if (verb is not (Verb.Close or Verb.Reopen)) return Result.Done;
        var state = verb == Verb.Close ? PartyState.Blocked : PartyState.Active;
        return await function.Parties.Update(tx, Header.Id, null, draft => draft with { State = state }, stamp, ct);
    }

    public override IReadOnlyList<Fact> FactsOf(string step, long minutes) => [new Fact { Document = Header, Event = step, Minutes = minutes, D1 = row.Data.Source, D2 = row.Data.GroupId?.ToString("D") }];
}

/// <summary>A change of a customer in use: the version that it is to become. Controlled fields stand apart and wait for a store manager.</summary>
internal sealed class CustomerChange(Header header, CustomerRow row, DirectoryFunction function) : Document(header)
{
    public const string Kind = "change";

    /// <summary>The figure by which approval rules know changes of tax identifier, legal name, group, price list, terms of payment or parent.</summary>
    public const string ControlledFigure = "controlled";

    public CustomerRow Row => row;

    public override bool PostsWhenApproved => true;

    public override IReadOnlyDictionary<string, long> ApprovalFigures => new Dictionary<string, long> { [ControlledFigure] = row.Controlled ? 1 : 0 };

    public override string Snapshot => CustomerText.Of(Header, row.Data);

    /// <summary>Writes the next version of the customer: of a controlled change the controlled fields over what stands now, otherwise all others.</summary>
    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var id = row.OfId!.Value;
        var locked = await Headers.Lock(tx, Header.Function, id, null, ct);
        if (locked.IsRefused) return DirectoryRefusals.Unknown;
        var asked = CustomerTables.Ask(tx, id);
        await tx.Flush(ct);
        var now = asked()!;
        var data = row.Controlled ? now.Data.WithControlledOf(row.Data) : row.Data.WithControlledOf(now.Data) with { Name = row.Data.Name };
        if (await CustomerRules.MayTake(tx, id, data, ct) is { IsRefused: true } no) return no;
        var party = await function.Parties.Update(tx, id, null, data.Over, stamp, ct);
        if (party.IsRefused) return CustomerRules.InOurWords(party.Refusal);
        CustomerTables.Write(tx, id, now with { Data = data, Version = now.Version + 1 }, held: true);
        CustomerTables.WriteWords(tx, id, data);
        CustomerTables.Write(tx, Header.Id, row with { Data = data, Version = now.Version + 1 }, held: false);
        var customer = locked.Value;
        customer.Edit(stamp);
        Headers.Update(tx, customer);
        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, D1 = data.Source, D2 = data.GroupId?.ToString("D"), M1 = row.Controlled ? 1 : 0 });
        Header.Number ??= await Numbers.Draw(tx, $"{Header.Function}/change/{Header.BusinessDate:yyyy}", $"CHANGE-{Header.BusinessDate:yyyy}-", ct: ct);
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(DirectoryRefusals.NotReversed);
}

/// <summary>That a customer was blocked, or is no longer.</summary>
internal sealed class CustomerBlock(Header header, bool blocks, string reason, DirectoryFunction function) : Document(header)
{
    public const string Kind = "block";

    public const string Block = "block", Unblock = "unblock";

    public override bool PostsWhenApproved => true;

    public override string Snapshot => JsonSerializer.Serialize(new { Header.Number, Header.Status, blocks, reason }, CustomerText.Json);

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var party = await function.Parties.Update(tx, Header.PartyId!.Value, null, draft => draft with { State = blocks ? PartyState.Blocked : PartyState.Active }, stamp, ct);
        if (party.IsRefused) return party.Refusal;
        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, D3 = reason, M2 = blocks ? 1 : 0, M3 = blocks ? 0 : 1 });
        Header.Number ??= await Numbers.Draw(tx, $"{Header.Function}/block/{Header.BusinessDate:yyyy}", $"BLOCK-{Header.BusinessDate:yyyy}-", ct: ct);
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(DirectoryRefusals.NotReversed);
}

/// <summary>What the audit trail keeps.</summary>
internal static class CustomerText
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static string Of(Header header, CustomerData data)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(data.Told)!.AsObject();
        node["number"] = header.Number;
        node["status"] = header.Status;
        return node.ToJsonString(Json);
    }
}
