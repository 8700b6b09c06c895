/** Resolves when the page has had nothing long to do for a while: until then it is the start of the workbench that takes its time. */
export function atRest(page, quietMs = 3000) {
  return page.evaluate((quiet) => new Promise((resolve) => {
    let timer = setTimeout(resolve, quiet);
    new PerformanceObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(resolve, quiet);
    }).observe({ type: 'longtask' });
  }), quietMs);
}
