using System.Text.Json;

namespace Plug1.Customers.Segments;

/// <summary>A segment as it is entered; with a code that is there already, the next version of that segment.</summary>
/// <param name="Code">Code.</param>
/// <param name="Name">Name.</param>
/// <param name="Type">rule, rfm or predicted.</param>
/// <param name="Definition">The rule: <c>{"all": [...]}</c>, <c>{"any": [...]}</c>, <c>{"not": ...}</c> or <c>{"measure", "op", "value"}</c>.</param>
/// <param name="Refresh">daily, hourly or manual.</param>
/// <param name="Purpose">The purpose of consent when it is used for outreach.</param>
/// <param name="Colour">#rrggbb.</param>
public sealed record SegmentRequest(string Code, string Name, string Type, JsonElement Definition, string Refresh = "daily", string? Purpose = null, string? Colour = null);

/// <summary>Where a definition stands.</summary>
/// <param name="Id">Id of the version.</param>
/// <param name="Status">Status.</param>
/// <param name="Version">Version of the document, for If-Match.</param>
/// <param name="Number">Which version of the segment or model it is.</param>
public sealed record DefinitionAnswer(Guid Id, string Status, long Version, long Number);

/// <summary>A rule to try.</summary>
/// <param name="Definition">The rule.</param>
public sealed record PreviewRequest(JsonElement Definition);

/// <summary>Who a rule would find.</summary>
/// <param name="Count">How many.</param>
/// <param name="AsOf">As of which day.</param>
/// <param name="Examples">At most 20 of them.</param>
public sealed record PreviewAnswer(long Count, DateOnly AsOf, IReadOnlyList<PreviewExample> Examples);

/// <summary>A customer that a rule found.</summary>
/// <param name="PartyId">Customer.</param>
/// <param name="Number">Number.</param>
/// <param name="Name">Name.</param>
/// <param name="Figures">The figures of the measures that the rule uses.</param>
public sealed record PreviewExample(Guid PartyId, string Number, string Name, IReadOnlyDictionary<string, object?> Figures);

/// <summary>A measure that rules may use.</summary>
/// <param name="Key">Name in rules.</param>
/// <param name="Label">What people read.</param>
/// <param name="Type">integer, money, rate, date, text or segment.</param>
/// <param name="Ops">Operators.</param>
/// <param name="Options">Values to choose from, or null.</param>
public sealed record MeasureItem(string Key, string Label, string Type, IReadOnlyList<string> Ops, IReadOnlyList<string>? Options);

/// <summary>The measures that rules may use.</summary>
public sealed record MeasuresAnswer(IReadOnlyList<MeasureItem> Items);

/// <summary>A run that was asked for.</summary>
/// <param name="WorkId">The work, at <c>/work</c>.</param>
public sealed record RunAnswer(Guid WorkId);

/// <summary>A run of a segment.</summary>
/// <param name="DocumentId">The run.</param>
/// <param name="AsOf">As of which day.</param>
/// <param name="Evaluated">Customers looked at.</param>
/// <param name="Entered">Who came in.</param>
/// <param name="Left">Who left.</param>
/// <param name="Members">Who is in it now.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record RefreshAnswer(Guid DocumentId, DateOnly AsOf, long Evaluated, long Entered, long Left, long Members, long Milliseconds);

/// <summary>Members of a segment.</summary>
/// <param name="AsOf">At the end of which day; of today, now.</param>
/// <param name="Count">How many in all.</param>
/// <param name="Items">A page, in the order of their ids.</param>
/// <param name="Next">The <c>after</c> of the next page; null on the last.</param>
public sealed record MembersAnswer(DateOnly AsOf, long Count, IReadOnlyList<MemberItem> Items, string? Next);

/// <summary>A member.</summary>
public sealed record MemberItem(Guid PartyId, string Number, string Name, DateTimeOffset Since);

/// <summary>Who came and who left, the latest first; at most 500.</summary>
public sealed record ChangesAnswer(long Entered, long Left, IReadOnlyList<ChangeItem> Items);

/// <summary>Somebody came in or left.</summary>
/// <param name="PartyId">Customer.</param>
/// <param name="Number">Number.</param>
/// <param name="Name">Name.</param>
/// <param name="Change">entered or left.</param>
/// <param name="At">When.</param>
public sealed record ChangeItem(Guid PartyId, string Number, string Name, string Change, DateTimeOffset At);

/// <summary>A model of scores as it is entered.</summary>
/// <param name="Bins">How many scores: 3 to 5.</param>
/// <param name="Scoring">rank or bands.</param>
/// <param name="WindowMonths">How many months count.</param>
/// <param name="Bands">Limits, when they are fixed.</param>
/// <param name="Grid">Names of the grid; those of the seed when left out, for five scores.</param>
public sealed record RfmModelRequest(int Bins, string Scoring, int WindowMonths, RfmBandsRequest? Bands = null, IReadOnlyList<RfmCellRequest>? Grid = null);

/// <summary>From which values on the next score begins, the worst first.</summary>
public sealed record RfmBandsRequest(IReadOnlyList<int> RecencyDays, IReadOnlyList<int> PurchaseDays, IReadOnlyList<string> Net);

/// <summary>A named part of the grid.</summary>
public sealed record RfmCellRequest(string Name, int RFrom, int RTo, int FmFrom, int FmTo);

/// <summary>How a model of value is fitted.</summary>
/// <param name="HorizonMonths">Months whose sales count.</param>
/// <param name="MonthlyRate">Discount of a month.</param>
public sealed record FitRequest(int HorizonMonths = 12, string MonthlyRate = "0.01");

/// <summary>What a customer is expected to bring.</summary>
/// <param name="PartyId">Customer.</param>
/// <param name="AsOf">As of which day.</param>
/// <param name="Basis">model, or fallback: sales of the last 12 months times the share of the customer's cell that stayed.</param>
/// <param name="Cell">Cell of the grid; empty without a purchase in its window.</param>
/// <param name="Repeats">Days with a purchase after the first one.</param>
/// <param name="Alive">Chance that they are still a customer; null without a model.</param>
/// <param name="Purchases">Purchases expected in 13 weeks; null without a model.</param>
/// <param name="Spend">Expected spend of a purchase; null without a model.</param>
/// <param name="Expected">Expected sales of the horizon, discounted; or the fallback.</param>
/// <param name="HorizonMonths">Months.</param>
public sealed record CustomerValueAnswer(Guid PartyId, DateOnly AsOf, string Basis, string Cell, long Repeats, string? Alive, string? Purchases, string? Spend, string Expected, int HorizonMonths);
