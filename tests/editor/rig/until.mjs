/** Resolves when `check` answers something true, for what neither a page nor a process tells of itself. */
export async function until(check, ms = 60_000) {
  const deadline = Date.now() + ms;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
