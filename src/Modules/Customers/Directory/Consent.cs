using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Customers.Directory;

/// <summary>What somebody agreed to, or no longer does.</summary>
/// <param name="Purpose">What for.</param>
/// <param name="Channel">How.</param>
/// <param name="Granted">Given, or withdrawn.</param>
/// <param name="At">When it was said.</param>
/// <param name="Source">Where.</param>
/// <param name="Evidence">What proves it.</param>
/// <param name="ExpiresOn">The last day on which it holds.</param>
internal sealed record ConsentData(string Purpose, string Channel, bool Granted, DateTimeOffset At, string Source, string Evidence, DateOnly? ExpiresOn)
{
    public static readonly IReadOnlyList<string> Purposes = ["marketing", "profiling", "service", "newsletter", "third-party"];

    public static readonly IReadOnlyList<string> Channels = ["email", "sms", "phone", "post", "any"];

    public static readonly IReadOnlyList<string> Sources = ["counter", "web", "phone", "paper", "import"];

    /// <summary>Whether it holds on a day: given, and not expired.</summary>
    public bool HoldsOn(DateOnly day) => Granted && (ExpiresOn is null || ExpiresOn >= day);
}

/// <summary>A consent, added and never changed: to take it back is another one.</summary>
internal sealed class Consent(Header header, ConsentData data) : Document(header)
{
    public const string Kind = "consent";

    private static readonly Table Table = new("customer_consent",
        ("document_id", Kernel.Storage.Kind.Id), ("party_id", Kernel.Storage.Kind.Id), ("purpose", Kernel.Storage.Kind.Text), ("channel", Kernel.Storage.Kind.Text), ("granted", Kernel.Storage.Kind.Bool), ("at", Kernel.Storage.Kind.Instant), ("source", Kernel.Storage.Kind.Text), ("evidence", Kernel.Storage.Kind.Text), ("expires_on", Kernel.Storage.Kind.Date));

    public override bool PostsWhenApproved => true;

    public override string Snapshot => JsonSerializer.Serialize(new { Header.Number, Header.Status, data.Purpose, data.Channel, data.Granted, data.At, data.Source, data.Evidence, data.ExpiresOn }, CustomerText.Json);

    public override async Task<Result> Post(Tx tx, Stamp stamp, CancellationToken ct)
    {
        tx.Insert(Table, [[Header.Id, Header.PartyId, data.Purpose, data.Channel, data.Granted, data.At, data.Source, data.Evidence, data.ExpiresOn]]);
        Facts.Stage(tx, stamp, new Fact { Document = Header, Event = Status.Posted, D3 = data.Purpose, D4 = data.Channel, M4 = data.Granted ? 1 : 0, M5 = data.Granted ? 0 : 1 });
        Header.Number ??= await Numbers.Draw(tx, $"{Header.Function}/consent/{Header.BusinessDate:yyyy}", $"CONSENT-{Header.BusinessDate:yyyy}-", ct: ct);
        return Result.Done;
    }

    public override Task<Result> MayReverse(Tx tx, Stamp stamp, CancellationToken ct) => Task.FromResult<Result>(DirectoryRefusals.NotReversed);

    /// <summary>Asks for the consents that count: the last of each purpose and channel.</summary>
    public static Deferred<List<ConsentData>> Standing(Db db, IReadOnlyList<Guid> parties) => db.Later($"""
        select purpose, channel, granted, at, source, evidence, expires_on from (
          select c.*, row_number() over (partition by purpose, channel order by at desc, document_id desc) as place from customer_consent c where party_id {Sql.List(parties)}
        ) as last where place = 1 order by purpose, channel
        """, row => Read(row));

    public static ConsentData Read(Row row) => new(row.Text(0), row.Text(1), row.Bool(2), row.Instant(3), row.Text(4), row.Text(5), row.DateOrNull(6));

    /// <summary>What was entered, checked.</summary>
    public static Result<ConsentData> Of(ConsentRequest request, Stamp stamp)
    {
        if (!ConsentData.Purposes.Contains(request.Purpose)) return DirectoryRefusals.ConsentInvalid("/purpose", $"A purpose is one of: {string.Join(", ", ConsentData.Purposes)}.");
        if (!ConsentData.Channels.Contains(request.Channel)) return DirectoryRefusals.ConsentInvalid("/channel", $"A channel is one of: {string.Join(", ", ConsentData.Channels)}.");
        if (!ConsentData.Sources.Contains(request.Source)) return DirectoryRefusals.ConsentInvalid("/source", $"A source is one of: {string.Join(", ", ConsentData.Sources)}.");
        if (request.At > stamp.At || request.At?.Year < 1990) return DirectoryRefusals.ConsentInvalid("/at", "It was said in the past.");
        if (request.ExpiresOn is { } last && (!request.Granted || last < stamp.BusinessDate || last > stamp.BusinessDate.AddYears(50))) return DirectoryRefusals.ConsentInvalid("/expiresOn", "Only a consent that is given expires, on a day to come.");
        var evidence = request.Evidence?.Trim() ?? "";
        if (evidence.Length > 500 || evidence.Any(char.IsControl) || (request.Granted && evidence.Length == 0)) return DirectoryRefusals.ConsentEvidence;
        return new ConsentData(request.Purpose, request.Channel, request.Granted, Dialect.Micro((request.At ?? stamp.At).ToUniversalTime()), request.Source, evidence, request.ExpiresOn);
    }
}
