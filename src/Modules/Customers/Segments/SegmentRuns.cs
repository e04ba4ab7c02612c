using System.Diagnostics;
using System.Text.Json;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Customers.Segments;

/// <summary>Tells anew who is in a segment and how customers score: each run is one transaction, and closes and opens dated rows only.</summary>
internal sealed class SegmentRuns(SegmentFunction function, OrganisationBook organisation, Database database, CustomerValues values, ExceptionBook exceptions, TimeProvider clock)
{
    private const int MostAtOnce = 200;

    /// <summary>Segments that are due and, once a day, the scores.</summary>
    public Job EveryMinute => new("segments-due", "Tell anew who is in segments and how customers score", TimeSpan.FromMinutes(1), async ct => await Due(ct), StartsAtOnce: false);

    /// <summary>Does what is due.</summary>
    /// <returns>How many runs that were.</returns>
    public async Task<int> Due(CancellationToken ct = default)
    {
        var stamp = await System(ct);
        if (stamp is null) return 0;
        var done = 0;
        // The scores begin a new day with the first run in it; every step looks again once it holds its row.
        if (await database.Read(db => db.Number($"select count(*) from rfm_run where done_on >= {stamp.BusinessDate}", ct), ct) == 0)
            done += (await database.Write(tx => ScoresOnce(tx, stamp, ct), ct)).Value;
        var due = await database.Read(db => db.Query($"select id from segment where due_at <= {stamp.At} order by due_at, id limit {MostAtOnce}", row => row.Guid(0), ct), ct);
        foreach (var segment in due)
            if (!(await database.Write(tx => Refresh(tx, stamp, segment, onlyDue: true, ct), ct)).IsRefused) done++;
        return done;
    }

    /// <summary>Tells anew who is in a segment by the version in force.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="stamp">Who, when and which day.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="onlyDue">Whether another run may have done it meanwhile.</param>
    /// <param name="ct">Cancellation.</param>
    public async Task<Result<RefreshAnswer>> Refresh(Tx tx, Stamp stamp, Guid segment, bool onlyDue = false, CancellationToken ct = default)
    {
        var started = Stopwatch.GetTimestamp();
        var lockRow = Dialect.ForUpdate(tx.Engine);
        var state = await tx.First($"select due_at, members, refreshed_at from segment where id = {segment}{lockRow}", row => (Due: row.InstantOrNull(0), Members: row.Long(1), At: row.InstantOrNull(2)), ct);
        if (onlyDue && !(state.Due <= stamp.At)) return SegmentRefusals.Running;
        if (await SegmentTables.InForce(tx, segment, ct) is not { } version) return SegmentRefusals.NotActive;
        var rule = await function.Read(tx, version.Data.Tree, _ => true, ct);
        if (rule.IsRefused) return rule.Refusal;
        // A row that began at this very instant is closed at it: it was never in force.
        var at = state.At >= stamp.At ? Dialect.Micro(state.At.Value.AddMicroseconds(1)) : stamp.At;
        var question = await SegmentDesk.Question(tx, stamp with { At = at }, ct);
        var run = Ids.New(clock);
        tx.Stage($"insert into segment_hit (run_id, party_id) select {run}, h.id from ({RuleSql.Of(rule.Value, function.Catalogue, question)}) h");
        var (entered, left, evaluated) = (0, 0, tx.Later($"select count(*) from ({RuleSql.Of(null, function.Catalogue, question)}) c", row => row.Long(0)));
        tx.Stage($"""
            update segment_member set to_at = {at} where segment_id = {segment} and to_at is null and not exists (select 1 from segment_hit h where h.run_id = {run} and h.party_id = segment_member.party_id)
            """, rows => left = rows);
        tx.Stage($"""
            insert into segment_member (segment_id, party_id, from_at) select {segment}, h.party_id, {at} from segment_hit h
            where h.run_id = {run} and not exists (select 1 from segment_member m where m.segment_id = {segment} and m.party_id = h.party_id and m.to_at is null)
            """, rows => entered = rows);
        tx.Stage($"delete from segment_hit where run_id = {run}");
        await tx.Flush(ct);
        var answer = new RefreshAnswer(run, stamp.BusinessDate, evaluated.Value[0], entered, left, state.Members + entered - left, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        tx.Stage($"""
            update segment set members = {answer.Members}, refreshed_at = {at}, refreshed_on = {stamp.BusinessDate}, due_at = {NextDue(version.Data.Refresh, stamp)} where id = {segment}
            """);
        await Write(tx, stamp with { At = at }, version.Data, version.Document, answer, state.At is null ? null : state.Members, ct);
        return answer;
    }

    /// <summary>Scores all customers by the model in force: rows whose scores have changed are closed, and new ones begin.</summary>
    /// <returns>How many customers' scores have changed.</returns>
    public static async Task<int> Scores(Tx tx, Stamp stamp, CancellationToken ct = default)
    {
        var latest = await tx.First($"select max(from_at) from rfm_standing", row => row.InstantOrNull(0), ct);
        var at = latest >= stamp.At ? Dialect.Micro(latest.Value.AddMicroseconds(1)) : stamp.At;
        var (run, changed) = (Guid.CreateVersion7(stamp.At), 0);
        tx.Stage($"insert into rfm_hit (run_id, party_id, r, f, m, cell, net) select {run}, s.party_id, s.r, s.f, s.m, s.cell, s.net from ({RfmSql.Scores(await SegmentDesk.Question(tx, stamp, ct))}) s");
        tx.Stage($"""
            update rfm_standing set to_at = {at} where to_at is null and not exists (
              select 1 from rfm_hit h where h.run_id = {run} and h.party_id = rfm_standing.party_id and h.r = rfm_standing.r and h.f = rfm_standing.f and h.m = rfm_standing.m and h.cell = rfm_standing.cell)
            """);
        tx.Stage($"""
            insert into rfm_standing (party_id, from_at, r, f, m, cell, net) select h.party_id, {at}, h.r, h.f, h.m, h.cell, h.net from rfm_hit h
            where h.run_id = {run} and not exists (select 1 from rfm_standing s where s.party_id = h.party_id and s.to_at is null)
            """, rows => changed = rows);
        tx.Stage($"delete from rfm_hit where run_id = {run}");
        await tx.Flush(ct);
        return changed;
    }

    private async Task<Result<int>> ScoresOnce(Tx tx, Stamp stamp, CancellationToken ct)
    {
        var taken = await tx.Execute($"update rfm_run set done_on = {stamp.BusinessDate} where done_on is null or done_on < {stamp.BusinessDate}", ct);
        if (taken == 0) return 0;
        await Scores(tx, stamp, ct);
        await values.Write(tx, stamp, ct);
        return 1;
    }

    private async Task Write(Tx tx, Stamp stamp, SegmentData data, Guid version, RefreshAnswer answer, long? before, CancellationToken ct)
    {
        var header = Header.Draft(answer.DocumentId, function.Code, RefreshDocument.Kind, stamp, (await organisation.Get(ct)).Company.Currency.Code);
        header.SourceDocumentId = version;
        foreach (var status in new[] { Status.Submitted, Status.Approved, Status.Posted }) header.MoveTo(status, stamp);
        header.Number = await Numbers.Draw(tx, $"{function.Code}/refresh", "REFRESH-", ct: ct);
        Headers.Insert(tx, header);
        tx.Stage($"""
            insert into segment_refresh (document_id, segment_id, version_id, as_of, evaluated, entered, left_, members, milliseconds)
            values ({header.Id}, {data.SegmentId}, {version}, {answer.AsOf}, {answer.Evaluated}, {answer.Entered}, {answer.Left}, {answer.Members}, {answer.Milliseconds})
            """);
        Facts.Stage(tx, stamp, new Fact { Document = header, Event = Status.Posted, M1 = answer.Entered, M2 = answer.Left, M3 = answer.Members, D1 = data.Code });
        if (before is { } size && size > 0)
        {
            var rule = await exceptions.Rule(function, SegmentRules.Jump, header.BranchId, ct);
            var change = Math.Abs(answer.Members - size);
            if ((Int128)change * 1_000_000 > (Int128)size * rule["share"] && change >= rule["least"])
                exceptions.Raise(tx, function, rule, [new ExceptionBook.Caught(header, $"{data.Code} went from {size} to {answer.Members} customers")], stamp);
        }

        await tx.Flush(ct);
    }

    /// <summary>When a segment is due next: hourly ones an hour on, daily ones at the beginning of the next day of the branch.</summary>
    private static DateTimeOffset? NextDue(string refresh, Stamp stamp) => refresh switch
    {
        "hourly" => Dialect.Micro(stamp.At.AddHours(1)),
        "daily" => Dialect.Micro(stamp.At.AddHours(24 - stamp.Hour).AddMinutes(-stamp.At.Minute).AddSeconds(-stamp.At.Second)),
        _ => null,
    };

    /// <summary>The system at the first branch; null before the company is set up.</summary>
    private async Task<Stamp?> System(CancellationToken ct)
    {
        if ((await organisation.Get(ct)).Branches.FirstOrDefault(branch => branch.Active) is not { } branch) return null;
        var now = Dialect.Micro(clock.GetUtcNow());
        var local = TimeZoneInfo.ConvertTime(now, branch.Zone);
        return new Stamp(Actor.System, branch.Id, now, DateOnly.FromDateTime(local.DateTime), local.Hour);
    }
}

/// <summary>Which segment is to be told anew.</summary>
internal sealed record RefreshInput(Guid Segment);

/// <summary>A run of a segment that somebody asked for.</summary>
internal sealed class RefreshWork(SegmentRuns runs, CommandRunner runner) : WorkHandler
{
    public const string WorkKind = "segment-refresh";

    public override string Kind => WorkKind;

    public override string Function => SegmentFunction.FunctionCode;

    public override string Action => "refresh";

    public override bool TellsWhenDone => false;

    public override async Task<Result<string>> Run(WorkRun run, CancellationToken ct)
    {
        run.Tell(0, 1, "Telling who is in it");
        var stamp = await runner.StampOf(run.Call, ct);
        // Run again after a node was lost, it finds what the first run has done.
        var done = run.Checkpoint is null ? await run.Step(async tx =>
        {
            var refreshed = await runs.Refresh(tx, stamp, run.Input<RefreshInput>().Segment, ct: ct);
            return refreshed.IsRefused ? refreshed.Refusal : JsonSerializer.Serialize(refreshed.Value, runner.Json);
        }, ct) : Result.Done;
        return done.IsRefused ? done.Refusal : run.Checkpoint!;
    }
}
